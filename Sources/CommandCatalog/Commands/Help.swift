import CommandSchema

extension Catalog {
    static let help = CommandDeclaration(
        name: "help", topic: .session,
        summary: "Explain a command, an option or a word of the language",
        discussion: "At the prompt `?topic` is short for it.",
        positionals: [
            OptionDeclaration(
                "topic", .text, default: .absent("the list of topics"), "`proxies`, `proxies.alpha`, `for`", good: "proxies",
                bad: "12")
        ],
        options: [
            OptionDeclaration(
                "search", .text, default: .absent("nothing is searched"),
                "List the topics that are explained with these words, the best first", good: "\"class prompts\"", bad: "12")
        ],
        constraints: [.exclusive(["topic", "search"])],
        examples: [
            CommandExample("The list of topics", "help\n"), CommandExample("A command", "help proxies\n"),
            CommandExample("An option", "help proxies.alpha\n"),
            CommandExample("What has to do with the learning rate", "help search=\"learning rate\"\n"),
        ])
}
