import Testing

/// What the user reads, word for word.
struct DiagnosticTextTests {
    @Test(arguments: [
        (
            "train lr=$x * 2 momentum=0.9",
            """
            error[VPS114]: an expression stands in parentheses here
              --> t.vps:1:13
               |
             1 | train lr=$x * 2 momentum=0.9
               |             ^
               = help: write `lr=($x * 2)`

            """
        ),
        (
            "data folder path=~/birds",
            """
            error[VPS103]: unexpected `~`
              --> t.vps:1:18
               |
             1 | data folder path=~/birds
               |                  ^
               = help: a path is written in quotes: "~/data/birds"

            """
        ),
        (
            "load weights/vit.npz",
            """
            error[VPS114]: a path stands in quotes
              --> t.vps:1:13
               |
             1 | load weights/vit.npz
               |             ^
               = help: write `"weights/vit.npz"`

            """
        ),
        (
            "train limit=30mim",
            """
            error[VPS109]: no unit is called `mim`
              --> t.vps:1:15
               |
             1 | train limit=30mim
               |               ^^^ did you mean `min`?
               = help: sizes: B KB MB GB TB KiB MiB GiB TiB; times: ms s min h d
               = help: a word that starts with a digit is quoted

            """
        ),
        (
            "let x = [1,\n  2\ntrain epochs=5",
            """
            error[VPS111]: `[` is not closed
              --> t.vps:1:9
               |
             1 | let x = [1,
               |         ^ opened here
            note: expected `,` or `]` before `train`
              --> t.vps:3:1
               |
             3 | train epochs=5
               | ^^^^^

            """
        ),
        (
            "print \"abc\ntrain",
            """
            error[VPS104]: the string has no closing `"`
              --> t.vps:1:7
               |
             1 | print "abc
               |       ^ it starts here

            """
        ),
        (
            "train(epochs=5)",
            """
            error[VPS121]: a command takes its arguments without parentheses
              --> t.vps:1:6
               |
             1 | train(epochs=5)
               |      ^
               = help: write `train value key=value`

            """
        ),
        (
            "$x",
            """
            error[VPS110]: expected a command, found `$x`
              --> t.vps:1:1
               |
             1 | $x
               | ^^
               = help: `print $x` shows a variable

            """
        ),
        (
            "$x = 3",
            """
            error[VPS110]: expected a command, found `$x`
              --> t.vps:1:1
               |
             1 | $x = 3
               | ^^
               = help: a variable is set by `let x = …`

            """
        ),
        (
            "train -> $fit",
            """
            error[VPS119]: a name stands without `$` where it is given
              --> t.vps:1:10
               |
             1 | train -> $fit
               |          ^^^^ write `fit`

            """
        ),
        (
            "eval --map",
            """
            error[VPS110]: expected an argument, found `-`
              --> t.vps:1:6
               |
             1 | eval --map
               |      ^
               = help: options are `name=value`, flags are bare words: no `-` before them

            """
        ),
        (
            "if 0 < $x < 1 { }",
            """
            error[VPS116]: comparisons do not chain
              --> t.vps:1:11
               |
             1 | if 0 < $x < 1 { }
               |           ^
               = help: write `a < b and b < c`

            """
        ),
        (
            "seed 0\nvps 3",
            """
            error[VPS118]: version 3 of the language is not known
              --> t.vps:2:5
               |
             2 | vps 3
               |     ^
               = help: this program reads version 1
            """
        ),
    ])
    func readsVerbatim(_ text: String, _ expected: String) {
        #expect(rendered(text).hasSuffix(expected) || rendered(text).contains(expected), "\(rendered(text))")
    }
}
