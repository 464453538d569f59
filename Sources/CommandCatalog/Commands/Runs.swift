import CommandSchema

extension Catalog {
    private static let ofRuns = ["show", "tag", "untag", "compare", "remove"]

    static let runs = CommandDeclaration(
        name: "runs", topic: .files,
        summary: "List, find, tag, compare, export and remove runs",
        discussion: """
            `where` is a condition of the language about each run: `method=vptsp-g and recall@1>0.8`. It may ask for what a run is (name, \
            state, started, sweep, method, backbone, data, seed, parameters, tag), for its figures (loss, epochs, steps, minutes, memory, \
            recall@1, map@r and the like of the newest `eval` of the last epoch on the test half, best.recall@1, chosen.recall@1), and for settings \
            as the commands name them: optim.lr, or lr alone where that names one setting. `=` says the same as `==`; a word to the \
            right of it is itself. A comparison with what a run does not have does not hold. A run is complete, stopped, running or killed.

            What is shown comes from an index, `runs/index.sqlite`, that any number of processes may use at once. All that it says is in the folders of \
            the runs: when it is lost or damaged it is made anew, and one that a newer version of the program wrote is left alone. Cells of \
            sweeps are listed with `all` and with `where`. Tags are kept in the folder of their run.
            """,
        positionals: [
            OptionDeclaration(
                "what",
                .word([
                    WordChoice("list", "a line each, the newest first"), WordChoice("show", "everything about some"), WordChoice("tag", "give them tags"),
                    WordChoice("untag", "take tags away"), WordChoice("compare", "settings that differ, and figures, side by side"),
                    WordChoice("remove", "delete their folders"),
                ]), default: .absent("list"), "What to do", good: "list", bad: "lst")
        ],
        options: [
            OptionDeclaration(
                "where", .text, default: .absent("all runs but those of sweeps"), variants: ["list"], "Condition that runs must meet",
                good: "\"method=vptsp-g and recall@1>0.8\"", bad: "12"),
            OptionDeclaration("sort", .text, default: .absent("newest first"), variants: ["list"], "What to sort by, smallest first", good: "recall@1", bad: "12"),
            .flag("descending", variants: ["list"], "Largest first"),
            OptionDeclaration("limit", .integer, range: .within(1.0...1_000_000), default: .absent("all"), variants: ["list"], "List so many at most", good: "20", bad: "0"),
            .flag("all", variants: ["list"], "Those of sweeps too"),
            OptionDeclaration(
                "format", .word([WordChoice("table", "for people"), WordChoice("csv", "a line each with every figure and setting"), WordChoice("json", "an object each")]),
                default: .value("table"), variants: ["list"], "How to print them", good: "csv", bad: "xml"),
            OptionDeclaration(
                "output", .path(PathUse(.output, suffixes: [".csv", ".json"])), default: .absent("no file"), variants: ["list"],
                "File to write them to, with every figure and setting", good: "\"runs.csv\"", bad: "\"runs.txt\""),
            OptionDeclaration(
                "runs", .list(of: .text), elements: ElementCount(1, 10_000), default: .required, variants: ofRuns,
                "Folders of runs, or their names below the folder of runs", good: "[\"runs/a\"]", bad: "[12]"),
            OptionDeclaration(
                "tags", .list(of: .text), elements: ElementCount(1, 100), default: .required, variants: ["tag", "untag"], "Words to find them by",
                good: "[baseline]", bad: "[12]"),
            .flag("yes", variants: ["remove"], "Do it; without this, only what would be removed is said"),
        ],
        result: [
            FieldDeclaration("count", .integer, presence: .sometimes, "How many runs were listed, tagged, compared or removed"),
            FieldDeclaration("runs", .texts, presence: .sometimes, "Folders of those listed"),
            FieldDeclaration("settings", .integer, presence: .sometimes, "Settings in which those compared differ"),
            FieldDeclaration("run", .text, presence: .sometimes, "Folder of the last one shown"),
            FieldDeclaration("state", .text, presence: .sometimes, "Its state"),
        ],
        examples: [
            CommandExample(
                "Find, tag and compare",
                "load vit-nano\ndata glyphs\nmethod linear\ntrain epochs=1 steps=2 batch=16 name=slow\neval\noptim adamw lr=1e-2\ntrain epochs=1 steps=2 batch=16 name=fast\neval\nruns list where=\"method=linear and optim.lr>1e-3\" sort=recall@1 descending -> found\nruns tag runs=$found.runs tags=[baseline]\nruns compare runs=[slow, fast]\nruns list output=\"runs.csv\"\nruns remove runs=slow yes\n")
        ])
}
