import Testing
import VPSAnalysis

/// Fields of a command's record that a script may name before the command has run.
@Suite struct ResultRecordTests {
    private func findings(_ script: String) -> [String] { codes("load vit-nano\ndata glyphs validate=0.2\n" + script) }

    @Test func fieldsOfADerivedListAreOpenAndOthersAreNot() {
        #expect(findings("eval -> r\nprint $r.recall@100\n") == [])
        #expect(findings("eval -> r\nprint $r.recal@1\n") == ["VPS302"])
        #expect(findings("eval recall=[1, 2] -> r\nprint $r.recall@4\n") == ["VPS302"])
        #expect(findings("eval -> r\nprint $r.map@r\n") == ["VPS302"])
    }

    @Test func fieldsComeWithTheirOptions() {
        #expect(findings("eval recall=1 interval=0.9 nmi -> r\nprint \"{$r.recall-low@1} {$r.recall-high@1} {$r.nmi} {$r.f1}\"\n") == [])
        #expect(findings("eval recall=1 interval=0.9 -> r\nprint $r.recall-low@2\n") == ["VPS302"])
        #expect(findings("eval recall=1 -> r\nprint $r.recall-low@1\n") == ["VPS302"])
        #expect(findings("eval nmi=false -> r\nprint $r.f1\n") == ["VPS302"])
    }

    @Test func eachEmbeddingHasARecord() {
        #expect(findings("eval embedding=[head, feature] -> r\nprint \"{$r.head.recall@1} {$r.feature.queries}\"\n") == [])
        #expect(findings("eval embedding=[head] -> r\nprint $r.feature\n") == ["VPS302"])
        #expect(findings("eval -> r\nprint $r.head\n") == ["VPS302"])
    }

    @Test func figuresOfEpochsNeedEvaluations() {
        #expect(findings("train evaluate=1 -> fit\nprint \"{$fit.best.recall@1} {$fit.chosen.epoch}\"\n") == [])
        #expect(findings("train -> fit\nprint $fit.best\n") == ["VPS302"])
        #expect(findings("train evaluate=none -> fit\nprint $fit.best\n") == ["VPS302"])
    }

    @Test func optionsOfAFlagNeedIt() {
        #expect(findings("eval nmi clusters=5 restarts=2\n") == [])
        #expect(findings("eval clusters=5\n") == ["VPS214"])
        #expect(findings("eval nmi=false restarts=5\n") == ["VPS214"])
    }
}
