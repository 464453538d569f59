import Testing
import VPSAnalysis

/// Messages verbatim.
@Suite struct GoldenDiagnosticTests {
    @Test func unknownOption() {
        #expect(
            messages("load vit-nano\nproxies gru aplha=0.3\n") == """
                error[VPS203]: `proxies` has no option `aplha`
                  --> s.vps:2:13
                   |
                 2 | proxies gru aplha=0.3
                   |             ^^^^^ did you mean `alpha`?
                   = help: proxies gru takes alpha, layers, n, norm, cell, dropout, range

                """)
    }

    @Test func unknownCommand() {
        #expect(
            messages("laod vit-nano\ntrain\n") == """
                error[VPS201]: no command is called `laod`
                  --> s.vps:1:1
                   |
                 1 | laod vit-nano
                   | ^^^^ did you mean `load`?
                   = help: `help` lists the commands

                """)
    }

    @Test func optionOfAnotherVariant() {
        #expect(
            messages("load vit-nano\nproxies gru keep=0.5\n") == """
                error[VPS204]: `keep` belongs to `proxies mean` or `proxies simple`, not to `proxies gru`
                  --> s.vps:2:13
                   |
                 2 | proxies gru keep=0.5
                   |             ^^^^
                   = help: proxies gru takes alpha, layers, n, norm, cell, dropout, range

                """)
    }

    @Test func optionOfAnotherValue() {
        #expect(
            messages("load vit-nano\nproxies simple keep=0.5\n") == """
                error[VPS214]: `keep` belongs to `integrate=mean`
                  --> s.vps:2:16
                   |
                 2 | proxies simple keep=0.5
                   |                ^^^^^^^^
                   = help: keep: what a step keeps of the old semantic proxy (a number from 0 to 1, default 0.8)

                """)
        #expect(messages("load vit-nano\nproxies simple integrate=mean keep=0.5\nproxies simple cell=tanh dropout=0.1\nproxies gru dropout=0.1\n") == "")
        #expect(codes("load vit-nano\nproxies simple integrate=mean norm=last dropout=0.1\n").count == 2)
    }

    @Test func givenTwice() {
        #expect(
            messages("optim sgd lr=1e-3 lr=2e-3\n") == """
                error[VPS205]: `lr` is given twice
                  --> s.vps:1:19
                   |
                 1 | optim sgd lr=1e-3 lr=2e-3
                   |                   ^^
                note: first given here
                  --> s.vps:1:11
                   |
                 1 | optim sgd lr=1e-3 lr=2e-3
                   |           ^^^^^^^

                """)
    }

    @Test func wrongKind() {
        #expect(
            messages("load vit-nano\nproxies gru alpha=half\n") == """
                error[VPS206]: `alpha` must be a number, not the word `half`
                  --> s.vps:2:19
                   |
                 2 | proxies gru alpha=half
                   |                   ^^^^
                   = help: alpha: weight of the learned proxy O (a number from 0 to 1, default 0.5)
                   = help: is it a variable? then write `$half`

                """)
    }

    @Test func outOfRange() {
        #expect(
            messages("load vit-nano\nproxies gru alpha=1.5\n") == """
                error[VPS207]: `alpha` must be from 0 to 1, not 1.5
                  --> s.vps:2:19
                   |
                 2 | proxies gru alpha=1.5
                   |                   ^^^
                   = help: alpha: weight of the learned proxy O (a number from 0 to 1, default 0.5)

                """)
    }

    @Test func unknownWord() {
        #expect(
            messages("optim adamx lr=1e-3\n") == """
                error[VPS208]: `optim` does not take `adamx`
                  --> s.vps:1:7
                   |
                 1 | optim adamx lr=1e-3
                   |       ^^^^^ did you mean `adam`?
                   = help: optim takes sgd, adam or adamw

                """)
    }

    @Test func missingData() {
        #expect(
            messages("load vit-nano\ntrain\ntrain\n") == """
                error[VPS401]: `train` needs a data set
                  --> s.vps:2:1
                   |
                 2 | train
                   | ^^^^^
                   = help: write `data glyphs` before it

                """)
    }

    @Test func missingField() {
        #expect(
            messages("load vit-nano\ndata glyphs\neval recall=[1, 2] -> result\nprint $result.recall@3\n") == """
                error[VPS302]: `$result` has no field `recall@3`
                  --> s.vps:4:15
                   |
                 4 | print $result.recall@3
                   |               ^^^^^^^^ did you mean `recall@1`?
                   = help: $result has recall@1, recall@2, queries, minutes
                   = help: `eval recall=[…]` says which recall@K there are
                   = help: `eval interval=…` gives recall-low@K, recall-high@K
                   = help: `eval map` gives map@r, r-precision
                   = help: `eval map-counted` gives map-counted
                   = help: `eval mean-ap` gives mean-ap
                   = help: `eval nmi` gives nmi, f1

                """)
    }

    @Test func missingFolder() {
        #expect(
            messages("data folder path=\"brids\"\n", files: MemoryFiles(folders: ["birds"])) == """
                error[VPS402]: there is no "brids"
                  --> s.vps:1:18
                   |
                 1 | data folder path="brids"
                   |                  ^^^^^^^ did you mean "birds"?
                   = help: paths are relative to the working directory

                """)
    }

    @Test func indivisibleBatch() {
        #expect(
            messages("load vit-nano\ndata glyphs\ntrain batch=64 per-class=3\n") == """
                error[VPS212]: `batch=64` is no multiple of `per-class=3`
                  --> s.vps:3:7
                   |
                 3 | train batch=64 per-class=3
                   |       ^^^^^^^^
                   = help: batch: images a step (a whole number from 2 to 1000000, in images, default 64)

                """)
    }

    @Test func tooManyLayers() {
        #expect(
            messages("load vit-nano\nprompts layers=12\n") == """
                error[VPS213]: `layers=12`, but the model has 6 blocks
                  --> s.vps:2:9
                   |
                 2 | prompts layers=12
                   |         ^^^^^^^^^
                   = help: layers: blocks that have prompts, from the first (a whole number from 1 to 256, in blocks, default every block of the model)

                """)
    }

    @Test func unknownVariable() {
        #expect(
            messages("let alpha = 0.5\nload vit-nano\nproxies gru alpha=$alhpa\n") == """
                error[VPS301]: no variable is called `$alhpa`
                  --> s.vps:3:20
                   |
                 3 | proxies gru alpha=$alhpa
                   |                    ^^^^^ did you mean `$alpha`?
                   = help: there are $alpha

                """)
    }
}
