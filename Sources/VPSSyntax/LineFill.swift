/// Breaks a statement that is too long for one line.
///
/// The text holds marks where a line may end; a mark becomes a blank, or a line break and four blanks more than the
/// statement has. Line breaks inside brackets mean nothing; between arguments a `\` goes before them.
enum LineFill {
    /// Columns that a statement takes at most where it can be broken at all.
    static let widest = 100

    /// Control characters: the printer writes them as escapes everywhere else.
    static let inBrackets: Character = "\u{1}"
    static let betweenArguments: Character = "\u{2}"

    private static let marks: Set<Character> = [inBrackets, betweenArguments]

    static func onOneLine(_ text: String) -> String {
        String(text.map { marks.contains($0) ? " " : $0 })
    }

    /// - Parameters:
    ///   - indent: blanks before the statement, which `text` does not hold.
    ///   - rest: columns that something takes after the text on its line.
    static func fill(_ text: String, indent: Int, rest: Int = 0) -> String {
        guard indent + text.count + rest > widest else { return onOneLine(text) }
        var result = ""
        var column = indent
        var mark: Character?
        var piece = ""
        func add(isLast: Bool) {
            let reserve = isLast ? rest : 2
            if let mark {
                if column + 1 + width(piece).first + reserve > widest {
                    result += (mark == betweenArguments ? " \\\n" : "\n") + String(repeating: " ", count: indent + 4)
                    column = indent + 4
                } else {
                    result += " "
                    column += 1
                }
            }
            result += piece
            let (_, last, isBroken) = width(piece)
            column = isBroken ? last : column + last
        }
        for character in text {
            if marks.contains(character) {
                add(isLast: false)
                mark = character
                piece = ""
            } else {
                piece.append(character)
            }
        }
        add(isLast: true)
        return result
    }

    /// Columns of the first and the last line of a piece; a piece has several where its author's lines are kept.
    private static func width(_ piece: String) -> (first: Int, last: Int, isBroken: Bool) {
        let lines = piece.split(separator: "\n", omittingEmptySubsequences: false)
        return (lines.first?.count ?? 0, lines.last?.count ?? 0, lines.count > 1)
    }
}
