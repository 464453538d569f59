import CommandSchema

extension Catalog {
    static let status = CommandDeclaration(
        name: "status", topic: .session,
        summary: "Print what is loaded: model, data, numbers trained, threads",
        examples: [CommandExample("What is loaded", "load vit-nano\nstatus\n")])
}
