import CommandSchema

extension Catalog {
    static let help = CommandDeclaration(
        name: "help", topic: .session,
        summary: "Explain a command, an option or a word of the language",
        discussion: """
            `help search` and words lists the topics that are explained with all of them, the best first; misspelt ones are \
            forgiven. At the prompt `?topic` is short for `help topic`.
            """,
        positionals: [
            OptionDeclaration(
                "topic", .list(of: .text), default: .absent("the list of topics"), "`proxies`, `proxies.alpha`, `for`",
                good: "proxies", bad: "12", repeats: true)
        ],
        examples: [
            CommandExample("The list of topics", "help\n"), CommandExample("A command", "help proxies\n"),
            CommandExample("An option", "help proxies.alpha\n"),
            CommandExample("What has to do with the learning rate", "help search learning rate\n"),
        ])
}
