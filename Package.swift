// swift-tools-version: 6.1
import Foundation
import PackageDescription

// The house, bottom to top. Arrows point down only: see Docs/architecture.md.

/// C at full optimisation in every configuration: these loops are the inner loops of training.
let optimized: [CSetting] = [.unsafeFlags(["-O3"])]

/// A library module with its tests, which mirror it one file a concept.
func module(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources)
}

func tests(of name: String, _ more: [Target.Dependency] = [], resources: [Resource]? = nil) -> Target {
    .testTarget(name: name + "Tests", dependencies: [.target(name: name)] + more, resources: resources)
}

let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")

let package = Package(
    name: "vptsp",
    products: [
        .executable(name: "vptsp", targets: ["vptsp"]),
        .executable(name: "vptsp-bench", targets: ["vptsp-bench"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        // C, each a small shim over one library.
        .target(name: "CReadline", linkerSettings: [.linkedLibrary("readline")]),
        .target(name: "COpenBLAS", linkerSettings: [.linkedLibrary("dl")]),
        .target(name: "COneDNN", linkerSettings: [.linkedLibrary("dl")]),
        .target(name: "CImageCodecs", cSettings: optimized, linkerSettings: [
            .linkedLibrary("jpeg"), .linkedLibrary("png"), .linkedLibrary("webp"),
        ]),
        .target(name: "CTransfer", linkerSettings: [.linkedLibrary("curl"), .linkedLibrary("crypto"), .linkedLibrary("z")]),
        .target(name: "CMessagePassing", linkerSettings: [.linkedLibrary("dl")]),
        .target(name: "VectorKernels", cSettings: optimized),
        // hnswlib is headers alone; rows are compared by our kernel.
        .target(name: "CHNSW", dependencies: ["VectorKernels"], cxxSettings: [.unsafeFlags(["-O3"])]),

        // Language.
        module("Diagnostics"),
        module("CommandSchema"),
        module("CommandCatalog", ["CommandSchema"]),
        module("VPSSyntax", ["Diagnostics"]),
        module("VPSAnalysis", ["Diagnostics", "CommandSchema", "CommandCatalog", "VPSSyntax"]),

        module("LanguageServer", ["Diagnostics", "CommandSchema", "CommandCatalog", "VPSSyntax", "VPSAnalysis"]),

        // Engine.
        module("RandomStreams"),
        module("MessagePassing", ["CMessagePassing"]),
        module("TensorFiles", ["CTransfer"]),
        module("TensorEngine", ["COpenBLAS", "COneDNN", "VectorKernels", "RandomStreams"]),
        module("VisionTransformers", ["TensorEngine", "TensorFiles", "RandomStreams"]),
        module("MetricLearning", ["MessagePassing", "TensorEngine", "VectorKernels", "CHNSW", "VisionTransformers", "RandomStreams"]),
        module("Interchange", ["TensorFiles", "TensorEngine", "VisionTransformers", "MetricLearning"]),
        module("ImageData", ["CImageCodecs", "TensorFiles", "RandomStreams"]),
        module("EmbeddedAssets", ["ImageData"], resources: [.copy("Resources")]),

        // Experiments and the two together.
        module("Experiments", ["MessagePassing", "Interchange", "TensorEngine", "TensorFiles", "VisionTransformers", "MetricLearning", "ImageData", "EmbeddedAssets", "RandomStreams"]),
        module("Sweeps", ["Experiments", "TensorFiles", "RandomStreams"]),
        module("RunStore", ["Experiments", "TensorFiles", grdb]),
        module("Reporting", ["ImageData", "EmbeddedAssets", "TensorFiles"]),
        module("Verification", ["TensorEngine", "TensorFiles", "VisionTransformers", "MetricLearning", "ImageData", "RandomStreams"]),
        module("Interpreter", ["MessagePassing", "Diagnostics", "CommandSchema", "CommandCatalog", "VPSSyntax", "VPSAnalysis", "Experiments", "Sweeps", "RunStore", "ImageData", "Reporting"]),
        module("REPL", ["CReadline", "Diagnostics", "VPSSyntax", "VPSAnalysis", "Interpreter", "Reporting", "Experiments"]),

        // Programs.
        .executableTarget(name: "vptsp", dependencies: ["MessagePassing", "REPL", "LanguageServer", "Interpreter", "Reporting", "Verification", "Experiments", "VisionTransformers", "TensorFiles", "Diagnostics", "VPSSyntax", "VPSAnalysis", arguments]),
        .executableTarget(name: "vptsp-bench", dependencies: ["TensorEngine", "VectorKernels", "VisionTransformers", "MetricLearning", "ImageData", "RandomStreams", "Diagnostics", "VPSSyntax", "VPSAnalysis", arguments]),
        .executableTarget(name: "generate-vptsp", dependencies: ["CommandSchema", "CommandCatalog", "VPSAnalysis"]),

        tests(of: "Diagnostics"),
        tests(of: "CommandSchema"),
        tests(of: "CommandCatalog"),
        // Random scripts, and what has to hold for any script; Scripts/fuzz.sh builds the fuzzer over it.
        .target(
            name: "ScriptFuzzing", dependencies: ["Diagnostics", "CommandSchema", "CommandCatalog", "VPSSyntax", "VPSAnalysis"],
            path: "Tests/ScriptFuzzing", exclude: ["Corpus"]),
        tests(of: "VPSSyntax", ["ScriptFuzzing"]),
        tests(of: "VPSAnalysis", ["ScriptFuzzing"], resources: [.copy("Resources")]),
        tests(of: "LanguageServer", ["VPSAnalysis", "vptsp"]),
        tests(of: "RandomStreams"),
        .target(name: "HTTPFixture", path: "Tests/HTTPFixture"),  // a scripted server for the tests of downloads
        // The benchmarks' distributions in small, for tests of `data` and of whole recipes.
        .target(name: "DataMiniatures", path: "Tests/DataMiniatures", resources: [.copy("Resources")]),
        tests(of: "TensorFiles", ["HTTPFixture", "DataMiniatures"]),
        tests(of: "TensorEngine", ["VectorKernels", "RandomStreams"]),
        tests(of: "VisionTransformers", ["TensorFiles", "HTTPFixture"], resources: [.copy("Resources")]),
        tests(of: "MetricLearning", ["TensorFiles", "vptsp-bench"], resources: [.copy("Resources")]),
        // Runs what the tests need of Python, where it is there.
        .target(name: "PythonPrograms", path: "Tests/PythonPrograms"),
        tests(of: "Interchange", ["TensorFiles", "PythonPrograms"]),
        tests(of: "ImageData", ["RandomStreams", "DataMiniatures"], resources: [.copy("Resources")]),
        tests(of: "EmbeddedAssets", ["ImageData"]),
        tests(of: "Experiments", ["ImageData", "TensorFiles", "VisionTransformers"], resources: [.copy("Resources")]),
        tests(of: "Reporting"),
        tests(of: "Verification", ["TensorEngine", "TensorFiles"], resources: [.copy("Resources")]),
        tests(of: "Sweeps", ["Experiments"]),
        tests(of: "RunStore", ["Experiments", "TensorFiles", grdb]),
        tests(of: "Interpreter", ["EmbeddedAssets", "Experiments", "MetricLearning", "CommandCatalog", "CommandSchema", "ImageData", "TensorFiles", "DataMiniatures", "PythonPrograms", "vptsp"]),
        tests(of: "REPL", ["vptsp", "generate-vptsp"]),
    ],
    swiftLanguageModes: [.v6]
)

// Only on request, for Scripts/fuzz.sh: it links with libFuzzer alone.
if ProcessInfo.processInfo.environment["VPTSP_FUZZ"] != nil {
    package.targets.append(.executableTarget(name: "fuzz-vps", dependencies: ["ScriptFuzzing"], path: "Tests/FuzzVPS"))
}
