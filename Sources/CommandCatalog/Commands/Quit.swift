import CommandSchema

extension Catalog {
    static let quit = CommandDeclaration(
        name: "quit", topic: .session,
        summary: "End the session, or the script",
        discussion: "At the prompt Ctrl-D does the same.",
        examples: [CommandExample("End", "quit\n")])
}
