import ScriptFuzzing
import Testing

/// What Scripts/fuzz.sh does for hours, for seconds: its corpus, sentences of the grammar, and mutations of both.
@Suite struct CorpusTests {
    private func expectNothing(_ text: [UInt8], _ what: String) {
        let found = ScriptProperties.violations(of: text)
        #expect(found == [], "\(what): \(String(decoding: text, as: UTF8.self).debugDescription)")
    }

    @Test func everyKeptInputHasItsProperties() throws {
        let corpus = try ScriptSeeds.corpus()
        #expect(!corpus.isEmpty)
        for (name, text) in corpus { expectNothing(text, name) }
    }

    @Test func everyExampleHasItsProperties() {
        for text in ScriptSeeds.catalog() { expectNothing(text, "example") }
    }

    @Test func sentencesAndMutationsHaveTheirs() throws {
        let seeds = try ScriptSeeds.corpus().map(\.text) + ScriptSeeds.catalog() + ScriptSeeds.sentences(150, seed: 77)
        var random = SeededGenerator(seed: 5)
        for number in 0..<600 {
            var mutator = ScriptMutator(seed: UInt64(number))
            let text = mutator.mutated(seeds[random.below(seeds.count)], with: seeds[random.below(seeds.count)])
            expectNothing(Array(text.prefix(2_000)), "mutation \(number)")
        }
    }
}
