/// What a line at the prompt may be besides statements of the language.
package enum Shortcut: Equatable {
    /// Statements, as they stand; `?proxies` stands for `help proxies`.
    case statement(String)
    /// `time train`: carried out, and how long that took.
    case timed(String)
    /// `!!`: the last statement again.
    case again
    /// `!ls -l`: a line for the shell.
    case shell(String)
    /// `%history`, `%history prompts`: what was typed, all or with a text in it.
    case history(String)
    /// `%transcript "a.vps"`: writes what succeeded so far to a script.
    case transcript(String)
    /// Another word after `%`.
    case unknown(String)

    package static let names = ["%history", "%transcript"]

    package init(_ text: String) {
        let line = text.trimmed
        if line == "!!" {
            self = .again
        } else if line.hasPrefix("!") {
            self = .shell(String(line.dropFirst()).trimmed)
        } else if line.hasPrefix("%") {
            let name = line.prefix { !$0.isWhitespace }
            let rest = String(line.dropFirst(name.count)).trimmed
            switch name {
            case "%history": self = .history(rest)
            case "%transcript": self = .transcript(rest.unquoted)
            default: self = .unknown(String(name))
            }
        } else if line.hasPrefix("time"), let next = line.dropFirst(4).first, next.isWhitespace, !line.dropFirst(4).trimmed.hasPrefix("=") {
            self = .timed(Self.expanded(String(line.dropFirst(5)).trimmed))
        } else {
            self = .statement(Self.expanded(text))
        }
    }

    /// The statement that `?…` stands for; any other text is itself.
    package static func expanded(_ text: String) -> String {
        guard text.first == "?" else { return text }
        return "help " + text.dropFirst()
    }

    /// The statements in it, for the parser to say whether they are whole; nil where the line always is.
    package var statements: String? {
        switch self {
        case .statement(let text), .timed(let text): text
        default: nil
        }
    }
}

extension StringProtocol {
    fileprivate var trimmed: String {
        var rest = self[...]
        while let first = rest.first, first.isWhitespace { rest = rest.dropFirst() }
        while let last = rest.last, last.isWhitespace { rest = rest.dropLast() }
        return String(rest)
    }

    fileprivate var unquoted: String {
        count >= 2 && hasPrefix("\"") && hasSuffix("\"") ? String(dropFirst().dropLast()) : String(self)
    }
}
