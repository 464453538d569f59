import REPL
import Testing

struct CompletionListTests {
    @Test func oneLineACandidateWithItsSummary() {
        let found = Completions(start: 0, candidates: [.init("alpha=", "weight of O"), .init("n=", "prompts a layer"), .init("x")])
        #expect(CompletionList.text(found, width: 80) == "  alpha=  weight of O\n  n=      prompts a layer\n  x\n")
    }

    @Test func linesAreCutToTheWindow() {
        let found = Completions(start: 0, candidates: [.init("alpha=", String(repeating: "long ", count: 40))])
        #expect(CompletionList.text(found, width: 40)?.count == 40)
    }

    @Test func manyOrUnexplainedOnesAreLeftToColumns() {
        #expect(CompletionList.text(Completions(start: 0, candidates: [.init("a"), .init("b")]), width: 80) == nil)
        #expect(CompletionList.text(Completions(start: 0, candidates: (0..<31).map { .init("\($0)", "x") }), width: 80) == nil)
    }
}
