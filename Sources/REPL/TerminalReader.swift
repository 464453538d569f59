internal import Reporting

/// Statements typed at a terminal: prompts, history, further lines until the parser has a whole statement.
struct TerminalReader: StatementReader {
    private let editor: LineEditor
    private let terminal: Terminal
    private let prompt: Prompt
    private var history: History?
    /// What was typed, this session's and earlier ones', oldest first.
    private(set) var entries: [String] = []
    /// Of this session, for `!!`.
    private var lastStatement: String?

    /// - Parameter warn: told once when the history cannot be read or written.
    init(driver: any REPLDriver, terminal: Terminal, history: History?, warn: @escaping (String) -> Void) {
        prompt = Prompt(terminal: terminal)
        self.terminal = terminal
        self.history = history
        self.warn = warn
        editor = LineEditor(
            terminal: terminal,
            complete: { [weak driver] text, cursor in driver?.complete(text, cursor: cursor) ?? Completions(start: cursor, candidates: []) },
            hint: { [weak driver] text in driver?.hint(text) })
        do {
            entries = try history?.load() ?? []
        } catch {
            warn("history: \(error)")
        }
        editor.prepare(history: entries)
    }

    private let warn: (String) -> Void

    mutating func next(_ driver: any REPLDriver) -> StatementInput {
        var text = ""
        while true {
            editor.earlierLines = text
            let isFirst = text.isEmpty
            let shown = isFirst ? prompt.first(loaded: driver.loaded) : prompt.continuation(loaded: driver.loaded)
            switch editor.read(prompt: shown) {
            case .interrupted:
                return .nothing
            case .end where isFirst:
                return .end
            case .end:
                // The parser says what is missing.
                return finish(text)
            case .line(let line):
                text += line
                guard let statements = Shortcut(text).statements, driver.needsMoreInput(statements) else { return finish(text) }
                text += "\n"
            }
        }
    }

    private mutating func finish(_ text: String) -> StatementInput {
        var entry = text
        while let last = entry.last, last.isWhitespace { entry.removeLast() }
        guard !entry.isEmpty else { return .nothing }
        if Shortcut(entry) == .again {
            guard let lastStatement else { return .statement(entry) }
            terminal.write(lastStatement + "\n")
            entry = lastStatement
        }
        lastStatement = entry
        guard entry != entries.last else { return .statement(entry) }
        entries.append(entry)
        editor.remember(entry)
        do {
            try history?.append(entry)
        } catch {
            warn("history: \(error)")
            history = nil
        }
        return .statement(entry)
    }
}
