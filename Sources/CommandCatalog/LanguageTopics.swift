public import CommandSchema

extension Catalog {
    /// What the language itself has: statements, values, functions.
    public static let languageTopics: [LanguageTopic] = [
        LanguageTopic(
            "commands", "How a command is written", synopsis: ["name value… option=value… flag… [-> name]"],
            discussion: """
                A newline or `;` ends a command; brackets, braces and a `\\` at the end of a line continue it; `#` starts a \
                comment. An option that is not given has its default, also when the same command was given before. \
                `-> name` keeps the record that the command returns: `$name.field`. `$_` is the record of the last command \
                that returned one.
                """,
            examples: [CommandExample("A command and its record", "load vit-nano weights=far -> model\nprint $model.depth\n")]),
        LanguageTopic(
            "vps", "Say which version of the language a script is written in", synopsis: ["vps 1"],
            discussion: "Only as the first statement. Optional.", examples: [CommandExample("Version 1", "vps 1\nseed 0\n")]),
        LanguageTopic(
            "let", "Name a value", synopsis: ["let name = expression"],
            discussion: """
                `$name` stands for the value from then on. A name lives to the end of the script, or of the `def` in which \
                it is given, and may be given again.
                """,
            examples: [CommandExample("A rate from a batch size", "let batch = 64\nlet rate = 5e-3 * $batch / 32\noptim sgd lr=$rate\n")]),
        LanguageTopic(
            "param", "Declare a value that the command line may set",
            synopsis: ["param name = default [in range-or-list] [\"what it is\"]"],
            discussion: "`vptsp run file.vps name=value` sets it; a value outside the range or list is refused.",
            examples: [CommandExample("A weight between 0 and 1", "param alpha = 0.5 in 0..1 \"weight of the learned proxies\"\nprint $alpha\n")]),
        LanguageTopic(
            "if", "Run statements when something holds", synopsis: ["if condition { … } [else if condition { … }] [else { … }]"],
            discussion: "The condition is true or false; numbers are compared: `if $n > 3 { … }`.",
            examples: [CommandExample("One of two", "let n = 4\nif $n > 3 { print \"many\" } else { print \"few\" }\n")]),
        LanguageTopic(
            "for", "Run statements for each value of a list or range",
            synopsis: ["for name in list { … }", "for a, b in [(1, 2), (3, 4)] { … }"],
            discussion: "`1..5` is 1 to 5, both included; `0.1..0.5 by 0.1` goes in steps. Every loop ends.",
            examples: [CommandExample("Three values", "for n in [2, 5, 10] { print \"{$n} prompts\" }\n")]),
        LanguageTopic(
            "vary", "Say what a sweep goes through",
            synopsis: [
                "vary name in list", "vary a, b in [(1, 2), (3, 4)]", "+ vary name in list", "vary name in log(1e-4..1e-2, 5)",
                "vary name in uniform(a, b)", "vary name in loguniform(a, b)", "vary name in int(a, b)", "vary name in choice([a, b])",
            ],
            discussion: """
                Stands first in the block of a `sweep`. Several `vary` make a product: each value of one with each of the \
                others. Names that go in step share one `vary` and take their values from tuples. `+ vary` begins another \
                group, whose cells follow those of the group before it; a name that a group does not vary has the value \
                that it had before the sweep. `log(from..through, count)` is so many values in even steps of the logarithm; the \
                distributions are for `by=random` and `by=tpe`.
                """,
            examples: [
                CommandExample(
                    "Four cells, and then two",
                    "load vit-nano\ndata glyphs\nlet rate = 1e-3\nsweep n-then-rate {\n  vary n in [2, 5]\n  vary dim in [64, 128]\n  + vary n, dim in [(5, 64)]\n  vary rate in [3e-4, 3e-3]\n  prompts n=$n\n  head dim=$dim\n  optim adamw lr=$rate\n  train epochs=1 steps=1 batch=16\n  eval\n}\n")
            ]),
        LanguageTopic(
            "def", "Make a command of your own", synopsis: ["def name(a, b=1) { … }"],
            discussion: """
                Called like a command: `name 2 b=3`. It sees the names of the script; names given inside it end with it. \
                It cannot call itself.
                """,
            examples: [CommandExample("A trial with a default", "def trial(n, k=2) {\n  print \"{$n} prompts, {$k} images\"\n}\ntrial 5\ntrial 10 k=4\n")]),
        LanguageTopic(
            "include", "Run another script here", synopsis: ["include \"file.vps\""],
            discussion: "The path is relative to the script in which it stands. Scripts cannot include each other in a circle."),
        LanguageTopic(
            "assert", "Stop unless something holds", synopsis: ["assert condition [\"message\"]"],
            discussion: "The script ends with exit code 70.",
            examples: [CommandExample("A check", "let x = 2\nassert $x > 1 \"x is {$x}\"\n")]),
        LanguageTopic(
            "print", "Print a value", synopsis: ["print expression"],
            discussion: """
                In a string `{$x}` stands for the value and `{$x:.3}` for it with three digits; `{$x:8.3}` fills up to eight \
                characters, `<` and `>` choose the side, `e` at the end is scientific, `%` percent.
                """,
            examples: [CommandExample("A figure with three digits", "let x = 2 / 3\nprint \"{$x:.3} is {$x:.1%}\"\n")]),
        LanguageTopic(
            "expressions", "Arithmetic, comparison, logic",
            synopsis: ["+ - * / % ^", "== != < <= > >=", "and or not", "( ) [ ] a..b a..b by c $name.field"],
            discussion: """
                In a command an expression stands in parentheses: `lr=(1e-3 * $n)`. Numbers may have `_` between digits and \
                a unit behind them: `1_000`, `4GiB`, `30min`. A word that is no keyword is a value: `gru`; text with other \
                characters stands in quotes.
                """,
            examples: [CommandExample("Arithmetic", "let n = 3\nprint (2 ^ $n + 1) / 3\n")]),
        LanguageTopic(
            "functions", "The functions of expressions",
            synopsis: BuiltinFunction.all.map(\.synopsis), discussion: BuiltinFunction.all.map { "`\($0.name)`: \($0.summary)." }.joined(separator: "\n\n"),
            examples: [
                CommandExample("Mean and spread", "let r = [0.51, 0.54, 0.52]\nprint \"{mean($r):.3} +- {std($r):.3}\"\n")
            ]),
    ]

    public static func languageTopic(named name: String) -> LanguageTopic? {
        languageTopics.first { $0.name == name }
    }
}
