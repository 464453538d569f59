internal import Reporting

/// The two prompts: `vit-nano · glyphs ▸ ` with what is loaded, and `… ` below it for a statement's further lines.
struct Prompt {
    let isUnicode: Bool
    let isColor: Bool

    /// Plain ASCII where the locale or the terminal cannot do better, or where `NO_COLOR` asks for quiet.
    init(terminal: Terminal) {
        isColor = terminal.isColor
        isUnicode = terminal.isUnicode && terminal.isColor
    }

    func first(loaded: [String]) -> String {
        mark(text(loaded)) + " "
    }

    /// As wide as the first prompt, so that the lines of a statement stand under each other.
    func continuation(loaded: [String]) -> String {
        let sign = isUnicode ? "…" : "..."
        return String(repeating: " ", count: max(0, text(loaded).count - sign.count)) + mark(sign) + " "
    }

    private func text(_ loaded: [String]) -> String {
        let names = loaded.isEmpty ? ["vptsp"] : loaded
        return names.joined(separator: isUnicode ? " · " : " ") + (isUnicode ? " ▸" : ">")
    }

    /// Bold; \u{1} and \u{2} tell Readline that what stands between takes no column.
    private func mark(_ text: String) -> String {
        isColor ? "\u{1}\u{1B}[1m\u{2}\(text)\u{1}\u{1B}[0m\u{2}" : text
    }
}
