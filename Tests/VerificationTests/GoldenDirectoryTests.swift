import Foundation
import TensorEngine
import Testing
import Verification

/// The numbers that the method's definition comes with, where they are at hand: `shared/golden` beside the package, and
/// any directories of the same form that `$VPTSP_CASES` lists, separated by colons.
@Suite struct GoldenDirectoryTests {
    private static let golden = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("shared/golden").path
    private static let directories = ([golden] + (ProcessInfo.processInfo.environment["VPTSP_CASES"] ?? "").split(separator: ":").map(String.init))
        .filter { FileManager.default.fileExists(atPath: $0 + "/cases.json") }

    @Test(.enabled(if: !directories.isEmpty, "no golden numbers in \(golden)"), arguments: directories, ProductLibrary.allCases)
    func everySupportedCasePasses(_ directory: String, by library: ProductLibrary) throws {
        if let reason = Engine.unavailability(of: .f32, library) { return print("skipped: \(reason)") }
        var lines: [String] = []
        let summary = try VerificationRunner.run(directory: directory, output: { lines.append($0) }, threads: 2, products: library.rawValue)
        #expect(lines.filter { $0.hasPrefix("FAIL") } == [])
        #expect(summary.succeeded)
        for name in ["linear", "vpt", "vptsp-g-norm-last", "vptsp-g-adamw", "full", "adapter-parallel", "adapter-sequential-bitfit", "loss-proxy-anchor", "metrics", "image-0", "image-6"] {
            #expect(lines.contains { $0.hasPrefix("pass         \(name) ") }, "\(name) in:\n\(lines.joined(separator: "\n"))")
        }
    }
}
