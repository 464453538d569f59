import CommandSchema

extension Catalog {
    static let report = CommandDeclaration(
        name: "report", topic: .files,
        summary: "Write a page about a run, or about several beside each other",
        discussion: """
            One HTML file that needs no other: curves of loss, rate and recall; the figures with 95 % intervals; queries with what was \
            found for them, right and wrong framed; the classes that are mistaken for each other; a map of the embedding; trained values, \
            memory and time; the script, and every value. Light or dark as the reader's system is, on a phone too.

            Neighbours, mistaken classes and map are made anew: the run's model embeds the test half, as `eval` does. `brief` leaves them \
            out, and the page is of what the runs' folders hold. Where model or data are gone the page says so in their place.
            """,
        positionals: [
            OptionDeclaration(
                "runs", .list(of: .path(PathUse(.folder))), elements: ElementCount(1, 12), default: .derived("the run of the model at hand"),
                "Folder of a run, or of several", good: "[\"runs/a\", \"runs/b\"]", bad: "[12]")
        ],
        options: [
            OptionDeclaration(
                "output", .path(PathUse(.output, suffixes: [".html"])), default: .derived("report.html in the run's folder, comparison.html beside several"),
                "The file to write", good: "\"report.html\"", bad: "\"report.pdf\""),
            .flag("brief", "Only what the runs' folders hold: nothing is embedded"),
            OptionDeclaration(
                "epoch",
                .word([
                    WordChoice("last", "of the last epoch"), WordChoice("chosen", "of the epoch that did best on the validation classes"),
                    WordChoice("best", "of the epoch that did best on the test classes"),
                ]), default: .value("last"), "Which model of each run embeds", good: "chosen", bad: "first"),
            OptionDeclaration(
                "queries", .integer, range: .within(1.0...100), default: .value("6"), "Queries shown of each kind", good: "12", bad: "0"),
            OptionDeclaration("k", .integer, unit: "images", range: .within(1.0...50), default: .value("8"), "Neighbours shown of each", good: "5", bad: "0"),
        ],
        constraints: [.exclusive(["brief", "epoch"]), .exclusive(["brief", "queries"]), .exclusive(["brief", "k"])],
        needs: [StateNeed(.trained, unlessGiven: "runs")],
        result: [
            FieldDeclaration("file", .text, "The file"), FieldDeclaration("runs", .integer, "Runs in it"),
            FieldDeclaration("missing", .integer, "Parts that could not be made; the page says why"),
        ],
        examples: [
            CommandExample(
                "What was just trained",
                "load vit-nano\ndata folder path=\"birds\"\nmethod vpt\ntrain epochs=1 batch=8\nreport output=\"report.html\" queries=2 k=4 -> page\nprint $page.file\n",
                files: [ExampleFile("birds", .imageFolder)]),
            CommandExample(
                "Two runs beside each other",
                "load vit-nano\ndata glyphs\nmethod linear\ntrain epochs=1 steps=2 batch=16 -> a\nmethod vpt\ntrain epochs=1 steps=2 batch=16 -> b\nreport [$a.run, $b.run] output=\"comparison.html\" brief\n"),
        ])
}
