import Reporting
import Testing

struct TextTableTests {
    private func table() -> TextTable {
        var table = TextTable([.init("method"), .init("R@1", unit: "%"), .init("trained"), .init("time", unit: "min", decimals: 1)])
        table.add([.text("frozen"), .number(49.375), .count(0), .missing])
        table.add([.text("VPTSP-G"), .spread(MeanSpread([52.7, 53.54])), .count(1_459_584), .number(12.34)])
        return table
    }

    @Test func pointsStandUnderEachOther() {
        #expect(table().render() == """
            method        R@1 [%]    trained  time [min]
            --------------------------------------------
            frozen   49.38                 0           –
            VPTSP-G  53.12 ± 0.59  1,459,584        12.3

            """)
    }

    @Test func asciiWhereNothingElseCanBeShown() {
        let text = table().render(isUnicode: false)
        #expect(text.utf8.allSatisfy { $0 < 128 })
        #expect(text.contains("53.12 +- 0.59"))
    }

    @Test func emptyTableIsItsHeader() {
        #expect(TextTable([.init("a"), .init("b")]).render() == "a  b\n----\n")
    }

    @Test func shortRowIsFilledAndLongOneCut() {
        var table = TextTable([.init("a"), .init("b")])
        table.add([.text("x")])
        table.add([.text("y"), .count(1), .count(2)])
        #expect(table.render(isUnicode: false) == "a  b\n----\nx  -\ny  1\n")
    }

    @Test func markdownHasTheSameCells() {
        var table = TextTable([TextTable.Column("method"), TextTable.Column("R@1", unit: "%"), TextTable.Column("trained")])
        table.add([.text("a|b"), .spread(MeanSpread([49, 51])), .count(1_459_584)])
        table.add([.text("c"), .missing])
        #expect(table.renderMarkdown() == """
            | method | R@1 [%] | trained |
            | --- | --- | --- |
            | a\\|b | 50.00 ± 1.41 | 1,459,584 |
            | c | – | – |

            """)
    }
}
