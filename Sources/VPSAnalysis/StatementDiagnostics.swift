public import Diagnostics
public import VPSSyntax

/// What is wrong with statements, in the words that analysis and interpreter share.
extension Diagnostic {
    /// A condition that is neither true nor false.
    public static func noCondition(_ value: Value, of statement: String, at span: SourceSpan) -> Diagnostic {
        Diagnostic(
            code: AnalysisCode.noCondition.rawValue, "`\(statement)` needs true or false, not \(value.phrase)", at: span,
            help: ["a comparison is either: `$n > 0`"])
    }

    /// A `def` of a command's name.
    public static func redefined(_ name: Name) -> Diagnostic {
        Diagnostic(
            code: AnalysisCode.redefinedCommand.rawValue, "`\(name.text)` is a command already", at: name.span,
            help: ["choose another name"])
    }

    /// A `def` that is at work already.
    public static func recursion(_ name: Name) -> Diagnostic {
        Diagnostic(
            code: AnalysisCode.recursion.rawValue, "`\(name.text)` calls itself", at: name.span,
            help: ["every script ends: use `for`"])
    }

    /// Names that one statement makes twice: `for a, a in`, `def f(a, a)`.
    static func namedTwice(_ names: [Name]) -> [Diagnostic] {
        var seen: [String: SourceSpan] = [:]
        return names.compactMap { name in
            guard let first = seen[name.text] else {
                seen[name.text] = name.span
                return nil
            }
            return namedTwice(name, first: first)
        }
    }

    static func namedTwice(_ name: Name, first: SourceSpan) -> Diagnostic {
        Diagnostic(
            code: AnalysisCode.namedTwice.rawValue, "`\(name.text)` is named twice", at: name.span, help: ["choose another name"],
            notes: [Diagnostic.Note("first named here", at: first)])
    }

    static func noBlock(_ name: Name, _ block: Block) -> Diagnostic {
        Diagnostic(
            code: AnalysisCode.blockNotTaken.rawValue, "`\(name.text)` takes no block",
            at: SourceSpan(file: block.span.file, lower: block.span.lower, upper: block.span.lower + 1))
    }

    /// An included script that is not there or cannot be read.
    public static func unreadableInclude(_ include: IncludeStatement, path: String, files: any FileAccess) -> Diagnostic {
        let reason = switch files.kind(of: path) {
        case nil: "there is no \(quoted(path))"
        case .folder: "\(quoted(path)) is a folder"
        case .file: "\(quoted(path)) cannot be read"
        }
        let folder = PathText.folder(of: path)
        let guess = closestMatch(to: PathText.name(of: path), among: files.names(in: folder))
        return Diagnostic(
            code: AnalysisCode.unreadableInclude.rawValue, reason, at: include.path.span,
            label: guess.map { "did you mean \(quoted($0))?" }, help: ["the path is relative to the script that includes it"])
    }

    /// A value for a parameter that the script has not.
    static func unknownParameter(_ name: String, declared: [String], at span: SourceSpan) -> Diagnostic {
        let guess = closestMatch(to: name, among: declared)
        return Diagnostic(
            code: AnalysisCode.unknownParameter.rawValue, "the script has no parameter `\(name)`", at: span,
            label: guess.map { "did you mean `\($0)`?" },
            help: [declared.isEmpty ? "the script declares no `param`" : "the script has \(declared.joined(separator: ", "))"])
    }
}
