import REPL
import Testing

struct CompletionWordsTests {
    private func fit(_ candidates: [String], from wordStart: Int, line: String, start: Int, offset: Int = 0) -> [String] {
        CompletionWords.fit(
            Completions(start: wordStart, candidates: candidates.map { .init($0) }), line: Array(line.utf8), start: start,
            end: line.utf8.count, lineOffset: offset
        )
    }

    @Test func sameWordPassesThroughOnce() {
        #expect(fit(["proxies", "prompts", "proxies"], from: 0, line: "pro", start: 0) == ["proxies", "prompts"])
    }

    @Test func languageWordBeginsEarlier() {
        // Readline breaks at `=`; the candidate repeats what stands before it.
        #expect(fit(["path=/data", "other=/data"], from: 5, line: "data path=/d", start: 10) == ["/data"])
    }

    @Test func languageWordBeginsLater() {
        #expect(fit(["recall@1"], from: 3, line: "$r.re", start: 0) == ["$r.recall@1"])
    }

    @Test func earlierLinesOfTheStatementDoNotCount() {
        #expect(fit(["proxies"], from: 12, line: "  pro", start: 2, offset: 10) == ["proxies"])
    }

    @Test func positionsThatDoNotFitGiveNothing() {
        #expect(fit(["x"], from: 9, line: "pro", start: 0) == [])
        #expect(fit(["x"], from: 2, line: "pro", start: 0, offset: 5) == [])
    }
}
