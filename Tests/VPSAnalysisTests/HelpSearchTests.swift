import Testing
import VPSAnalysis

@Suite struct HelpSearchTests {
    private func topics(_ words: String...) -> [String] {
        HelpSearch.text(words).split(separator: "\n").map { String($0.prefix { $0 != " " }) }
    }

    @Test func findsByNameSummaryAndExplanation() {
        #expect(topics("class", "prompts").contains("proxies.n"))
        #expect(topics("learning rate").contains("optim.lr"))
        #expect(topics("cosine").contains { $0.hasPrefix("schedule") })
        #expect(topics("loop").isEmpty == false)
        #expect(topics("train").first == "train")
    }

    @Test func misspellingsAreForgiven() {
        #expect(topics("momentun").contains("optim.momentum"))
        #expect(topics("shedule").first == "schedule")
    }

    @Test func everyWordCounts() {
        #expect(HelpSearch.text(["momentum", "zebra"]) == "nothing is explained with `momentum` and `zebra`\n`help` lists the topics.\n")
        #expect(HelpSearch.text(["…"]).contains("which words?"))
    }
}
