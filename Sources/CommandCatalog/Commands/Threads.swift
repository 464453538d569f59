import CommandSchema

extension Catalog {
    static let threads = CommandDeclaration(
        name: "threads", topic: .training,
        summary: "Set how many threads work",
        discussion: "Changes the speed only: figures and files are the same bytes for any number. One a processor unless set.",
        positionals: [
            OptionDeclaration(
                "count", .integer, range: .within(1.0...1024), default: .required, "Number of threads", good: "2", bad: "0")
        ],
        examples: [CommandExample("One thread", "threads 1\n")])
}
