public import CommandSchema

/// Every command there is. Adding one means a file in Commands/, a line here and a handler; the parser, the checks,
/// help, completion and the reference follow.
public enum Catalog {
    /// In the order of the reference.
    public static let commands: [CommandDeclaration] = [
        load, method, tune, prompts, adapter, lora, proxies, head,
        data, augment,
        loss, optim, schedule, seed, threads, precision, track, train, resume, replay, sweep,
        eval, search, compare, table, report, plot,
        embed, galleryIndex, save, restore, export, `import`, runs, sync,
        show, diff, undo, redo, status, help, quit,
    ]

    private static let index: [String: CommandDeclaration] = Dictionary(
        commands.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

    public static func command(named name: String) -> CommandDeclaration? { index[name] }
}
