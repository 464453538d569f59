import CommandSchema

extension Catalog {
    static let plot = CommandDeclaration(
        name: "plot", topic: .files,
        summary: "Draw a curve of a run, or of several in one chart",
        discussion: """
            On the terminal in characters, as wide as the window, with colours where there are some (`NO_COLOR` takes them away) and in \
            plain characters where `TERM` is dumb. `output` writes an SVG or a PNG too.

            `loss` is the mean of each epoch over the losses of the steps; `recall` and `map` are what `train … evaluate=` measured on the way.
            """,
        positionals: [
            OptionDeclaration(
                "what",
                .word([
                    WordChoice("loss", "the loss"), WordChoice("rate", "learning rates: of the model, and of the learned proxies"),
                    WordChoice("recall", "Recall@K by epoch, the first K that was measured"), WordChoice("map", "MAP@R by epoch"),
                ]), default: .value("loss"), "What to draw", good: "recall", bad: "los")
        ],
        options: [
            OptionDeclaration(
                "runs", .list(of: .path(PathUse(.folder))), elements: ElementCount(1, 12), default: .derived("the run of the model at hand"),
                "Folders of runs", good: "[\"runs/a\"]", bad: "[12]"),
            .flag("log", "Powers of ten at equal distances up the side"),
            OptionDeclaration(
                "output", .path(PathUse(.output, suffixes: [".svg", ".png"])), default: .absent("no file"), "The file to write too", good: "\"loss.svg\"", bad: "\"loss.pdf\""),
        ],
        needs: [StateNeed(.trained, unlessGiven: "runs")],
        result: [FieldDeclaration("points", .integer, "Points of the curves that are not faint"), FieldDeclaration("series", .integer, "Curves")],
        examples: [
            CommandExample(
                "The loss, on the terminal and as a picture", "load vit-nano\ndata glyphs\nmethod vpt\ntrain epochs=1 steps=4 batch=16\nplot\nplot rate log output=\"rate.png\"\n"),
            CommandExample(
                "Two runs in one chart",
                "load vit-nano\ndata glyphs\nmethod linear\ntrain epochs=1 steps=2 batch=16 -> a\nmethod vpt\ntrain epochs=1 steps=2 batch=16 -> b\nplot loss runs=[$a.run, $b.run] output=\"losses.svg\"\n"),
        ])
}
