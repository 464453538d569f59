import Testing
import VPSSyntax

struct IncompletenessTests {
    @Test(arguments: [
        "for x in [1, 2] {", "for x in [1, 2] {\n  print $x\n", "if $a { b } else {", "sweep a {", "let x = (1 +", "let x = (1",
        "let x = [1,\n", "let x = [", "eval recall=[1, 2", "def f(", "def f(a,", "def f(a=", "print \"abc", "print \"abc\nmore\n",
        "print \"a{$x}", "print \"a\\", "train \\", "train \\\n", "train epochs=5 \\", "let x = \\", "train ->", "train -> \n", "let x = 1 +",
        "let x = 1 + \n", "let x = $a and", "if $a == ", "let x = f(1, g(", "a { b { c (", "print max(1, \"a",
        "train epochs=\\", "# note\nif true {  # note", "for x in [1,\n2] { print \"open", "let x = 2^",
    ])
    func moreCouldCompleteIt(_ text: String) {
        let result = parse(text)
        #expect(result.isIncomplete, "\(rendered(text))")
        #expect(!result.diagnostics.isEmpty)
    }

    @Test(arguments: [
        "", "\n", "# note", "train", "train epochs=5\n", "for x in [1, 2] { }", "if $a { } else { }", "train -> fit", "print \"a\"",
        "train \\\n\n", "sampleScript",
    ])
    func complete(_ text: String) {
        let result = parse(text == "sampleScript" ? sampleScript : text)
        #expect(!result.isIncomplete)
        #expect(result.diagnostics.isEmpty)
    }

    /// Wrong, whatever would follow.
    @Test(arguments: [
        "let x =", "let x = \n", "let", "train epochs=", "if $a", "for x in", "for x", "else {", ") (", "let x = (1 2", "let = (",
        "train lr=$x * 2 (", "print \"\\q", "print \"{", "print \"{$x", "(1 \"abc", "let x = (1]", "let x = 3d4 + (", "} {",
        "let x = [1; 2", "def f(1", "print \"{1 +}", "a \\ b {", "vps 2; a {", "let x = 1 < 2 < (", "print \"a\" \"b",
        "a ~/x {", "let x = 1 + )", "f(1) {", "print \"x\nlet y = \"z\" {",
    ])
    func nothingCouldMendIt(_ text: String) {
        let result = parse(text)
        #expect(!result.isIncomplete)
        #expect(!result.diagnostics.isEmpty)
    }

    /// Every cut of a right script is a right script, or incomplete, or cut inside something that ends with its line.
    @Test func followsAScriptLineByLine() {
        var typed = ""
        var statements = 0
        for line in sampleScript.split(separator: "\n") {
            typed += line + "\n"
            let result = parse(typed)
            if !result.isIncomplete {
                #expect(rendered(typed) == "")
                typed = ""
                statements += result.script.statements.count
            }
        }
        #expect(typed == "")
        #expect(statements == parse(sampleScript).script.statements.count)
    }
}
