import Foundation
import Testing

@Suite struct ManualPageTests {
    private let page = Repository.root.appendingPathComponent("Docs/man/vptsp.1").path

    @Test(.enabled(if: Program.exists("mandoc"), "mandoc is not installed"))
    func mandocFindsNothingWrong() throws {
        let result = try Program.run("mandoc", ["-T", "lint", page])
        #expect(result.output == "" && result.status == 0)
    }

    @Test(.enabled(if: Program.exists("groff"), "groff is not installed"))
    func groffFindsNothingWrong() throws {
        let result = try Program.run("groff", ["-man", "-Tutf8", "-ww", "-z", page])
        #expect(result.output == "" && result.status == 0)
    }
}
