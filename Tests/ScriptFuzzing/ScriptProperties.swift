import Diagnostics
import VPSAnalysis
import VPSSyntax

/// What has to hold for any bytes that are given as a script. What is not answered at all is a trap.
public enum ScriptProperties {
    /// Every property that does not hold, in words.
    public static func violations(of text: [UInt8]) -> [String] {
        reading(text) + checking(text) + typing(text)
    }

    // MARK: Lexer, parser, printer

    private static func reading(_ text: [UInt8]) -> [String] {
        var found: [String] = []
        let parsed = Parser.parse(text, file: 0)
        for diagnostic in parsed.diagnostics {
            guard let span = diagnostic.span else {
                found.append("no place: \(diagnostic)")
                continue
            }
            if span.file != 0 || span.lower < 0 || span.upper < span.lower || span.upper > text.count + 1 {
                found.append("outside the text, \(span.lower)..<\(span.upper) of \(text.count): \(diagnostic)")
            }
        }
        if parsed.isIncomplete, parsed.diagnostics.isEmpty { found.append("incomplete, yet nothing is wrong") }
        _ = Parser.parseValue(text, file: 0)

        let printed = Printer.print(parsed.script)
        guard parsed.diagnostics.isEmpty else {
            if case .formatted = Formatter.format(text, file: 0) { found.append("fmt takes what the parser rejects") }
            return found
        }
        if Parser.parse(Array(printed.utf8), file: 0).script != parsed.script {
            found.append("printed, it says something else: \(printed)")
        }
        guard case .formatted(let once) = Formatter.format(text, file: 0) else {
            return found + ["fmt rejects what the parser takes"]
        }
        let again = Parser.parse(Array(once.utf8), file: 0)
        if !again.diagnostics.isEmpty || again.script != parsed.script {
            found.append("formatted, it says something else: \(once)")
        }
        if again.script.comments.map(\.text) != parsed.script.comments.map(\.text) { found.append("fmt changes comments: \(once)") }
        if case .formatted(let twice) = Formatter.format(Array(once.utf8), file: 0), twice == once {} else {
            found.append("formatted twice, it differs from once: \(once)")
        }
        if codes(text) != codes(Array(once.utf8)) { found.append("formatted, it is checked otherwise: \(codes(text)), \(codes(Array(once.utf8)))") }
        return found
    }

    // MARK: Analysis

    private static func checked(_ text: [UInt8]) -> CheckedScript {
        CheckedScript(text: text, name: "s.vps", path: "s.vps", files: FewFiles(script: text))
    }

    private static func codes(_ text: [UInt8]) -> [String] {
        checked(text).diagnostics.map(\.code)
    }

    private static func checking(_ text: [UInt8]) -> [String] {
        var found: [String] = []
        let checked = checked(text)
        let renderer = DiagnosticRenderer(color: false)
        for diagnostic in checked.diagnostics {
            if diagnostic.message.isEmpty { found.append("no message: \(diagnostic.code)") }
            for span in [diagnostic.span] + diagnostic.notes.map(\.span) {
                guard let span, let file = checked.sources[span.file] else { continue }
                if span.lower < 0 || span.upper < span.lower || span.upper > file.text.count + 1 {
                    found.append("outside the text, \(span.lower)..<\(span.upper) of \(file.text.count): \(diagnostic)")
                }
            }
            let shown = renderer.render(diagnostic, in: checked.sources)
            if shown.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\n" }) {
                found.append("the terminal would obey: \(diagnostic)")
            }
        }
        for occurrence in NameIndex(checked.script).occurrences {
            if checked.sources.text(of: occurrence.span)?.contains(occurrence.name) != true {
                found.append("the index places `\(occurrence.name)` where it is not written")
            }
        }
        return found
    }

    // MARK: Completion, hints

    private static func typing(_ text: [UInt8]) -> [String] {
        var found: [String] = []
        let line = String(decoding: text.prefix(2_000), as: UTF8.self)
        let completer = Completer(files: FewFiles(script: []))
        for cursor in [line.utf8.count, line.utf8.count / 2, line.utf8.count / 3] {
            let list = completer.complete(line, cursor: cursor, scope: Scope())
            if list.replaces.lowerBound < 0 || list.replaces.upperBound > line.utf8.count {
                found.append("completion replaces \(list.replaces) of \(line.utf8.count) bytes")
            }
            _ = Signature.at(endOf: String(decoding: line.utf8.prefix(cursor), as: UTF8.self), scope: Scope())
        }
        _ = completer.hint(line, scope: Scope())
        return found
    }
}

/// The script itself, so that it can include itself, one more, and a folder.
private struct FewFiles: FileAccess {
    struct Missing: Error {}

    let script: [UInt8]

    func kind(of path: String) -> FileKind? {
        switch path {
        case "s.vps", "a.vps": .file
        case "birds": .folder
        default: nil
        }
    }

    func contents(of path: String) throws -> [UInt8] {
        switch path {
        case "s.vps": script
        case "a.vps": Array("let included = 1\ndef helper(n, m=2) { seed $n }\nparam p = 0.5 in 0..1\n".utf8)
        default: throw Missing()
        }
    }

    func names(in folder: String) -> [String] { folder.isEmpty ? ["a.vps", "birds", "s.vps"] : [] }
}
