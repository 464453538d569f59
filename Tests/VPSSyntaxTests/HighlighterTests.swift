import Testing
import VPSSyntax

struct HighlighterTests {
    private func kinds(_ text: String) -> [String] { Highlighter.pieces(of: text).filter { $0.kind != .plain }.map { "\($0.kind) \($0.text)" } }

    @Test func aStatement() {
        #expect(kinds("optim sgd lr=5e-3 # fast\n") == ["command optim", "option lr", "symbol =", "number 5e-3", "comment # fast"])
        #expect(kinds("let x = \"a\"; print $x") == ["keyword let", "symbol =", "string \"a\"", "symbol ;", "keyword print", "variable $x"])
        #expect(kinds("if $a > 1 { eval }") == ["keyword if", "variable $a", "symbol >", "number 1", "symbol {", "command eval", "symbol }"])
    }

    @Test(arguments: ["", "load vit-nano\n\ndata glyphs # é ✓\n", "\u{FEFF}seed 0", "\"open", "§§ ]] {{ 1..", "a\\\nb", "\u{0}\u{1}x=\t1\r\n"])
    func piecesAreTheWholeText(_ text: String) {
        #expect(Highlighter.pieces(of: text).map(\.text).joined() == text)
    }
}
