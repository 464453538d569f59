internal import CReadline
internal import Glibc
internal import Reporting

/// Lines typed at a terminal, edited with GNU Readline. One instance a process, one thread.
final class LineEditor {
    enum Input {
        case line(String)
        /// Ctrl-D on an empty line.
        case end
        /// Ctrl-C: the line was dropped.
        case interrupted
    }

    private static let wordBreaks: StaticString = " \t\n\"'=,;()[]{}"
    private static let program: StaticString = "vptsp"
    static let rememberedEntries = 5_000

    /// Earlier lines of the statement that is being typed, which completion needs to see.
    var earlierLines = ""
    private let complete: (_ text: String, _ cursor: Int) -> Completions
    private let hint: (_ text: String) -> String?
    private let terminal: Terminal
    /// What Tab found last, for the list of possibilities.
    private var found = Completions(start: 0, candidates: [])

    /// - Parameters:
    ///   - complete: what could stand at a cursor, as ``REPLDriver/complete(_:cursor:)``.
    ///   - hint: what may follow a text, as ``REPLDriver/hint(_:)``.
    init(
        terminal: Terminal, complete: @escaping (_ text: String, _ cursor: Int) -> Completions, hint: @escaping (_ text: String) -> String?
    ) {
        self.terminal = terminal
        self.complete = complete
        self.hint = hint
    }

    /// Must be called before the first ``read(prompt:)``; the editor must outlive all of them.
    func prepare(history: [String]) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        line_editor_prepare(
            Self.cString(Self.program), Self.cString(Self.wordBreaks),
            { context, line, start, end in
                guard let context, let line else { return nil }
                let editor = Unmanaged<LineEditor>.fromOpaque(context).takeUnretainedValue()
                return editor.words(line: String(cString: line), start: Int(start), end: Int(end))
            },
            { context in
                guard let context else { return nil }
                let editor = Unmanaged<LineEditor>.fromOpaque(context).takeUnretainedValue()
                return CompletionList.text(editor.found, width: editor.terminal.width).flatMap { strdup($0) }
            }, terminal.isColor ? Self.hinter : nil, context
        )
        line_editor_limit_history(Int32(Self.rememberedEntries))
        for entry in history { line_editor_remember(entry) }
    }

    private static let hinter: line_editor_hinter = { context, line, room in
        guard let context, let line else { return nil }
        let editor = Unmanaged<LineEditor>.fromOpaque(context).takeUnretainedValue()
        return editor.hint(editor.earlierLines + String(cString: line)).flatMap { strdup(String($0.prefix(Int(room)))) }
    }

    /// - Parameter prompt: with control sequences between \u{1} and \u{2}.
    func read(prompt: String) -> Input {
        var line: UnsafeMutablePointer<CChar>?
        switch line_editor_read(prompt, &line) {
        case LINE_EDITOR_LINE:
            guard let line else { return .end }
            defer { free(line) }
            return .line(String(cString: line))
        case LINE_EDITOR_INTERRUPTED:
            return .interrupted
        default:
            return .end
        }
    }

    func remember(_ entry: String) {
        line_editor_remember(entry)
    }

    /// Replacements for the bytes `start ..< end` of the line, as Readline wants them.
    private func words(line: String, start: Int, end: Int) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? {
        let offset = earlierLines.utf8.count
        found = complete(earlierLines + line, offset + end)
        let words = CompletionWords.fit(found, line: Array(line.utf8), start: start, end: end, lineOffset: offset)
        guard !words.isEmpty else { return nil }
        let array = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: words.count + 1)
        for (index, word) in words.enumerated() { array[index] = strdup(word) }
        array[words.count] = nil
        return array
    }

    private static func cString(_ text: StaticString) -> UnsafePointer<CChar>? {
        UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
    }
}
