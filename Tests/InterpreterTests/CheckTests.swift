import Interpreter
import Testing

/// `vptsp check`: what warnings mean, and what other programs are told.
@Suite struct CheckTests {
    private let untidy = ["main.vps": "let rate = 1\nprint 2\n"]

    @Test func warningsAreShownAndDoNotReject() {
        let output = CapturedOutput()
        let runner = ScriptRunner(output: output, files: MemoryFiles(texts: untidy))
        #expect(runner.check("main.vps") == .success)
        #expect(output.errors.hasPrefix("warning[VPS601]: `rate` is never used"))
        #expect(runner.check("main.vps", isStrict: true) == .rejected)
    }

    @Test func aRunWarnsAndGoesOn() {
        let result = run(untidy)
        #expect(result.code == .success && result.text == "2\n" && result.errors.contains("VPS601"))
    }

    @Test func theLanguageAtThePromptDoesNotWarn() {
        let session = TestSession()
        #expect(session.printed("let rate = 1\n") == "" && session.output.errors == "")
    }

    @Test func recordsForPrograms() throws {
        let output = CapturedOutput()
        var found: [DiagnosticRecord] = []
        let code = ScriptRunner(output: output, files: MemoryFiles(texts: ["main.vps": "print \"é\" + 1\nseed 1 2\n"]))
            .check("main.vps", tell: { found += $0 })
        #expect(code == .rejected && output.errors == "")
        let last = try #require(found.last)
        #expect(last.code == "VPS202" && last.severity == "error")
        #expect(last.place?.file == "main.vps" && last.place?.line == 2 && last.place?.column == 8 && last.place?.endColumn == 9)
        #expect(try DiagnosticRecord.json(found).contains("\"code\" : \"VPS202\""))
    }
}
