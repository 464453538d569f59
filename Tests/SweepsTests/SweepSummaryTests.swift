import Sweeps
import Testing

@Suite struct SweepSummaryTests {
    private func entry(_ setting: Int, _ seed: UInt64, _ figures: [(String, Double)]?) -> (cell: SweepCell, result: CellResult) {
        let cell = SweepCell(hash: "\(setting)-\(seed)", setting: setting, values: [.init(name: "n", text: "\(setting)")], seed: seed, script: "")
        let result = CellResult(status: figures == nil ? .failed : .done, figures: (figures ?? []).map { .init(name: $0.0, value: $0.1) }, seconds: 1)
        return (cell, result)
    }

    @Test func ranksByTheMeanOverSeeds() {
        let summary = SweepSummary(
            [
                entry(0, 0, [("loss", 3), ("recall@1", 0.5)]), entry(0, 1, [("loss", 1), ("recall@1", 0.7)]),
                entry(1, 0, [("loss", 1), ("recall@1", 0.65)]), entry(1, 1, nil),
                entry(2, 0, nil),
            ], rank: nil)
        #expect(summary.rankedBy == "recall@1")
        #expect(summary.rows.map(\.rank) == [2, 1, nil])
        #expect(summary.rows.map(\.failed) == [0, 1, 1])
        #expect(summary.rows[0].figures("loss") == [3, 1])
    }

    @Test func smallerLossesAreBetter() {
        let results = [entry(0, 0, [("loss", 3)]), entry(1, 0, [("loss", 1)]), entry(2, 0, [("loss", 3)])]
        #expect(SweepSummary(results, rank: nil).rows.map(\.rank) == [2, 1, 3])
        #expect(SweepSummary(results, rank: "steps").rows.map(\.rank) == [nil, nil, nil])
    }

    @Test func tablesQuoteWhatTheyMust() {
        var table = CSVTable(header: ["a", "b"])
        table.add(["x,y", "say \"no\""])
        #expect(table.text == "a,b\n\"x,y\",\"say \"\"no\"\"\"\n")
    }

    @Test func anythingThatMattersChangesTheHash() throws {
        let base = CellIdentity(start: "s", weights: "w", data: nil, model: nil, inputs: ["load x": "1"], statements: "train\n")
        var others = [base, base, base, base, base]
        others[0].start = "t"
        others[1].weights = nil
        others[2].data = "d"
        others[3].inputs = ["load x": "2"]
        others[4].statements = "train epochs=1\n"
        let hashes = try others.map { try $0.hash() }
        #expect(Set(hashes + [try base.hash()]).count == 6)
        // Cells that ran before must be found by a later version of the program.
        #expect(try base.hash() == "4c2722789db2c448470c8a64e6fb76c1c89d07ff7a1574bd68956464c739bb31")
    }
}
