import CommandSchema

extension Catalog {
    static let undo = CommandDeclaration(
        name: "undo", topic: .session,
        summary: "Take the last change of the settings back",
        discussion: """
            One change is what one command set: `optim sgd lr=0.1` is one, `method vptsp-g` is one. Training, evaluation and \
            files are not taken back. `redo` brings the change again, until another one is made.
            """,
        examples: [CommandExample("A change and back", "optim sgd lr=0.1\nundo\nshow optim\n")])

    static let redo = CommandDeclaration(
        name: "redo", topic: .session,
        summary: "Make the change again that `undo` took back",
        examples: [CommandExample("Back and forth", "optim sgd lr=0.1\nundo\nredo\nshow optim\n")])
}
