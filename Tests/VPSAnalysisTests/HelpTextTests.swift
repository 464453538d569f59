import Testing
import VPSAnalysis

@Suite struct HelpTextTests {
    @Test func anOption() {
        #expect(
            HelpText.topic("proxies.alpha") == """
                proxies.alpha: weight of the learned proxy O

                    a number from 0 to 1
                    default: 0.5
                    only with `proxies gru`, `proxies mean` or `proxies simple`

                Example: proxies gru alpha=0.3

                """)
    }

    @Test func unknownTopics() {
        #expect(HelpText.topic("proxeis") == "there is no help on `proxeis`; did you mean `proxies`?\n`help` lists the topics.\n")
        #expect(HelpText.topic("proxies.aplha").hasPrefix("`proxies` has no `aplha`; did you mean `proxies.alpha`?\n"))
        #expect(HelpText.topic("🙂").hasPrefix("there is no help on"))
    }

    @Test func wordsAndFunctions() {
        #expect(HelpText.topic("cosine").contains("schedule cosine"))
        #expect(HelpText.topic("lr").contains("optim.lr"))
        #expect(HelpText.topic("std").hasPrefix("std(list)"))
    }

    @Test func severalWords() {
        #expect(HelpText.answer(to: []) == HelpText.overview())
        #expect(HelpText.answer(to: ["search"]) == HelpText.topic("search") + "\n`help search WORDS` finds topics.\n")
        #expect(HelpText.answer(to: ["proxies", "alpha"]) == HelpText.topic("proxies.alpha"))
        #expect(HelpText.answer(to: ["proxies", "aplha"]).hasPrefix("`proxies` has no `aplha`; did you mean `proxies.alpha`?\n"))
        #expect(HelpText.answer(to: ["search", "learning", "rate"]) == HelpSearch.text(["learning", "rate"]))
        #expect(HelpText.answer(to: ["lerning", "rate"]).hasPrefix("optim.lr "))
    }

    @Test func theOverviewNamesEveryTopic() {
        let overview = HelpText.overview()
        for name in ["load", "train", "quit", "for", "functions"] { #expect(overview.contains("    \(name) ")) }
    }
}
