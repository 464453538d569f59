import Foundation

/// Where the resources lie. SwiftPM's own `Bundle.module` ends the process when they are gone, so the two places it would look
/// in are asked here: beside the program, and in the tree that it was built from.
enum AssetFolder {
    /// The file `name` of Resources.
    static func file(_ name: String) throws -> URL {
        let places = folders.map { $0.appendingPathComponent(name) }
        guard let found = places.first(where: { FileManager.default.isReadableFile(atPath: $0.path) }) else {
            throw AssetError(
                file: name, reason: "not found in \(folders.map(\.path).joined(separator: " or "))",
                help: "keep the .resources folder of the build beside the program, or run it where it was built")
        }
        return found
    }

    private static let folders: [URL] = {
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        // `swift test` runs a program of the toolchain, which loads the bundle with the tests.
        let bundles = [program, Bundle.main.bundleURL] + Bundle.allBundles.map { $0.bundleURL.deletingLastPathComponent() }
        let beside = bundles.map { $0.appendingPathComponent("vptsp_EmbeddedAssets.resources/Resources") }
        let tree = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Resources")
        var seen: Set<String> = []
        return (beside + [tree]).filter { seen.insert($0.path).inserted }
    }()
}

/// A file that should have come with the program.
public struct AssetError: Error, CustomStringConvertible, Hashable, Sendable {
    public let file: String
    public let reason: String
    public let help: String

    public var description: String { "\(file), which ships with vptsp: \(reason); \(help)" }
}
