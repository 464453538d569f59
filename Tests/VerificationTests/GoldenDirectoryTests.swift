import Foundation
import Testing
import Verification

/// The numbers that the method's definition comes with, where they are at hand: `shared/golden` beside the package.
@Suite struct GoldenDirectoryTests {
    private static let directory = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("shared/golden").path

    @Test(.enabled(if: FileManager.default.fileExists(atPath: directory + "/cases.json"), "no golden numbers in \(directory)"))
    func everySupportedCasePasses() throws {
        var lines: [String] = []
        let summary = try VerificationRunner.run(directory: Self.directory, output: { lines.append($0) }, threads: 2)
        #expect(lines.filter { $0.hasPrefix("FAIL") } == [])
        #expect(summary.succeeded)
        for name in ["linear", "vpt", "vptsp-g-norm-last", "vptsp-g-adamw", "full", "loss-proxy-anchor", "metrics", "image-0", "image-6"] {
            #expect(lines.contains { $0.hasPrefix("pass         \(name) ") }, "\(name)")
        }
    }
}
