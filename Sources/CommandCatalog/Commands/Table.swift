import CommandSchema

extension Catalog {
    static let table = CommandDeclaration(
        name: "table", topic: .evaluation,
        summary: "Set finished runs beside a published table",
        discussion: """
            `paper1` is table 1 of Ren et al. 2024: for each method the trained values with their share of the backbone, the largest memory \
            of training, R@1 and MAP@R. Runs that differ in the seed alone share a row, with mean and standard deviation. What is no \
            finished run is left out, and named.
            """,
        positionals: [
            OptionDeclaration(
                "which", .word([WordChoice("paper1", "table 1: every method on one data set")]), default: .required, "Which table", good: "paper1", bad: "paper9")
        ],
        options: [
            OptionDeclaration(
                "runs", .list(of: .path(PathUse(.folder))), elements: ElementCount(1, 10_000), default: .required, "Folders of runs", good: "[\"runs/a\"]", bad: "[12]"),
            OptionDeclaration(
                "figure",
                .word([
                    WordChoice("last", "of the last epoch"), WordChoice("chosen", "of the epoch that did best on the validation classes"),
                    WordChoice("best", "of the epoch that did best on the test classes, as papers do"),
                ]), default: .value("last"), "Which test figure of each run", good: "chosen", bad: "first"),
            OptionDeclaration(
                "output", .path(PathUse(.output, suffixes: [".md"])), default: .absent("no file"), "Markdown file to write the table to",
                good: "\"table.md\"", bad: "\"table.txt\""),
        ],
        result: [FieldDeclaration("runs", .integer, "Runs in the table"), FieldDeclaration("left-out", .integer, "Folders left out")],
        examples: [
            CommandExample(
                "Two methods",
                "load vit-nano\ndata glyphs\nmethod linear\ntrain epochs=1 steps=2 batch=16 -> linear\neval map\nmethod vpt\ntrain epochs=1 steps=2 batch=16 -> vpt\neval map\ntable paper1 runs=[$linear.run, $vpt.run] output=\"table.md\"\n")
        ])
}
