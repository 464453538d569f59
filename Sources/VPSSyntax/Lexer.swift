import Diagnostics

/// Turns bytes into tokens, all of them at once, and pairs the brackets.
///
/// Whatever it cannot read becomes one ``Token/Kind/invalid`` token and one diagnostic.
struct Lexer {
    let text: [UInt8]
    let file: Int
    /// End of the part that is read; `text.count`, or the end of an interpolation.
    let limit: Int
    /// Inside an interpolation `#` starts no comment.
    let isInterpolation: Bool

    var position: Int
    var tokens: [Token] = []
    var comments: [Comment] = []
    /// See ``Script/emptyLines``.
    var emptyLines: [Int] = []
    var diagnostics: [Diagnostic] = []
    /// For each opening bracket the index of its closing token, for each closing one that of its opener; -1 without.
    var partners: [Int] = []
    /// Opening brackets that may be closed inside a string that is not: nothing is said about those.
    var excusedOpeners: Set<Int> = []
    /// The string that the text ends in, if it does.
    var unclosedString: StringScan?
    /// The text ends in a backslash that continues its last line.
    var endsInContinuation = false

    private var openers: [Int] = []
    /// How many of each kind of bracket are open, by what closes them: a closer that closes nothing is known at once.
    private var openCounts: [Symbol: Int] = [:]
    private var blankBefore = true
    /// The first token of the line.
    private var lineStart = 0
    private var lineHasCode = false
    private var lineHasComment = false

    init(text: [UInt8], file: Int) {
        self.init(text: text, file: file, range: 0..<text.count, isInterpolation: false)
    }

    /// Reads `range` of `text` only, as the inside of `{ }` in a string.
    init(text: [UInt8], file: Int, interpolation range: Range<Int>) {
        self.init(text: text, file: file, range: range, isInterpolation: true)
    }

    private init(text: [UInt8], file: Int, range: Range<Int>, isInterpolation: Bool) {
        self.text = text
        self.file = file
        self.isInterpolation = isInterpolation
        limit = min(range.upperBound, text.count)
        position = min(range.lowerBound, limit)
    }

    /// The byte at an offset; nil outside the part that is read.
    func byte(_ offset: Int) -> UInt8? {
        offset >= 0 && offset < limit ? text[offset] : nil
    }

    func span(_ lower: Int, _ upper: Int) -> SourceSpan {
        SourceSpan(file: file, lower: lower, upper: upper)
    }

    mutating func report(
        _ code: SyntaxCode, _ message: String, _ lower: Int, _ upper: Int, label: String? = nil, help: [String] = []
    ) {
        guard diagnostics.count < ProblemLimit.kept else { return }
        diagnostics.append(Diagnostic(code: code.rawValue, message, at: span(lower, upper), label: label, help: help))
    }

    mutating func run() {
        if position == 0, text.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        while let next = byte(position) {
            switch next {
            case 0x20, 0x09: skipBlank(1)
            case 0x0D where byte(position + 1) == 0x0A: addNewline(length: 2)
            case 0x0A: addNewline(length: 1)
            case 0x5C: readBackslash()
            case 0x23 where !isInterpolation: readComment()
            case 0x22: readString()
            case 0x24: readVariable()
            default:
                if Characters.isLetter(next) {
                    readWord()
                } else if Characters.isDigit(next) {
                    readNumber()
                } else if !readSymbol() {
                    readUnexpected()
                }
            }
        }
        add(.end, limit, limit)
    }

    // MARK: Blanks and line breaks

    private mutating func skipBlank(_ length: Int) {
        position += length
        blankBefore = true
    }

    private mutating func addNewline(length: Int) {
        if !lineHasCode, !lineHasComment { emptyLines.append(position) }
        add(.newline, position, position + length)
        position += length
        blankBefore = true
        lineStart = tokens.count
        lineHasCode = false
        lineHasComment = false
    }

    /// A backslash that ends its line joins the next one to it.
    private mutating func readBackslash() {
        var offset = position + 1
        while let next = byte(offset), next == 0x20 || next == 0x09 || next == 0x0D { offset += 1 }
        if isInterpolation || (byte(offset) ?? 0x0A) != 0x0A {
            readUnexpected()
        } else if offset + 1 < limit {
            skipBlank(offset + 1 - position)
        } else {
            endsInContinuation = true
            report(
                .unfinishedLine, "the text ends where `\\` promises another line", position, position + 1,
                label: "nothing follows")
            skipBlank(limit - position)
        }
    }

    private mutating func readComment() {
        let start = position
        lineHasComment = true
        while let next = byte(position), next != 0x0A { position += 1 }
        var end = position
        while end > start + 1, text[end - 1] == 0x20 || text[end - 1] == 0x0D || text[end - 1] == 0x09 { end -= 1 }
        let first = start + 1 < end && text[start + 1] == 0x20 ? start + 2 : start + 1
        comments.append(
            Comment(
                text: String(decoding: text[min(first, end)..<end], as: UTF8.self), span: span(start, end),
                followsCode: lineHasCode))
    }

    // MARK: Tokens

    mutating func add(_ kind: Token.Kind, _ lower: Int, _ upper: Int) {
        tokens.append(Token(kind: kind, lower: lower, upper: upper, hasBlankBefore: blankBefore))
        partners.append(-1)
        blankBefore = false
        lineHasCode = true
    }

    /// End of the word that starts at `start`: letters, digits and `_`, and `-`, `.`, `@` where one of those follows.
    func wordEnd(from start: Int) -> Int {
        var end = start
        while let next = byte(end) {
            if Characters.isWordByte(next) {
                end += 1
            } else if next == 0x2D || next == 0x2E || next == 0x40, let after = byte(end + 1),
                Characters.isWordByte(after)
            {
                end += 2
            } else {
                break
            }
        }
        return end
    }

    private mutating func readWord() {
        let end = wordEnd(from: position)
        add(.word, position, end)
        position = end
    }

    /// `$name.field.field`. A `-` belongs to a name only before a letter, so that `$x-1` subtracts.
    private mutating func readVariable() {
        let start = position
        guard let first = byte(start + 1), Characters.isLetter(first) else {
            let help = byte(start + 1) == 0x7B ? ["write `$name`; inside a string `{$name}`"] : []
            report(.unexpectedCharacter, "`$` without a name", start, start + 1, label: "a name must follow", help: help)
            add(.invalid, start, start + 1)
            position = start + 1
            return
        }
        var end = nameEnd(from: start + 1, isField: false)
        while byte(end) == 0x2E, let next = byte(end + 1), Characters.isLetter(next) {
            end = nameEnd(from: end + 1, isField: true)
        }
        add(.variable, start, end)
        position = end
    }

    /// End of a variable's or a field's name; a field's may hold `@`, as in `recall@1`.
    func nameEnd(from start: Int, isField: Bool) -> Int {
        var end = start
        while let next = byte(end) {
            if Characters.isWordByte(next) {
                end += 1
            } else if next == 0x2D, let after = byte(end + 1), Characters.isLetter(after) {
                end += 2
            } else if isField, next == 0x40, let after = byte(end + 1), Characters.isWordByte(after) {
                end += 2
            } else {
                break
            }
        }
        return end
    }

    /// False when no symbol starts here.
    private mutating func readSymbol() -> Bool {
        for (symbol, length, second) in Symbol.byFirstByte[Int(text[position])] where position + length <= limit && (length == 1 || text[position + 1] == second) {
            add(.symbol(symbol), position, position + length)
            position += length
            if let closer = symbol.closer {
                openers.append(tokens.count - 1)
                openCounts[closer, default: 0] += 1
            } else if symbol.isCloser {
                pairCloser(symbol)
            }
            return true
        }
        return false
    }

    /// Pairs the closing bracket just read with the innermost opener of its kind; openers in between stay unclosed.
    private mutating func pairCloser(_ closer: Symbol) {
        guard openCounts[closer, default: 0] > 0 else { return }
        let index = tokens.count - 1
        while let opener = openers.popLast(), let kind = tokens[opener].kind.closer {
            openCounts[kind, default: 0] -= 1
            guard kind == closer else { continue }
            partners[opener] = index
            partners[index] = opener
            return
        }
    }

    /// One diagnostic for a run of characters that start no token.
    private mutating func readUnexpected() {
        let start = position
        if let end = endOfForeignQuotes(from: start) {
            position = end
            add(.invalid, start, end)
            report(
                .unexpectedCharacter, "these are no quotes of the language", start, end,
                help: ["strings stand in straight double quotes: \"text\""])
            return
        }
        if text[start] == 0x2E, let next = byte(start + 1), Characters.isDigit(next) { return readPointWithoutDigit() }
        position += 1
        // `&&` and `||` are one habit of other languages.
        if text[start] == 0x26 || text[start] == 0x7C, byte(position) == text[start] { position += 1 }
        while let next = byte(position), next >= 0x80 || next < 0x20 && next != 0x0A && next != 0x09 && next != 0x0D {
            position += 1
        }
        add(.invalid, start, position)
        let run = text[start..<position]
        guard String(validating: run, as: UTF8.self) != nil else { return }  // said once for the whole file
        let spelling = String(decoding: run, as: UTF8.self)
        report(
            .unexpectedCharacter, "unexpected \(Self.describe(spelling))", start, position,
            help: advice(for: spelling))
    }

    /// `.5`, or what follows the second point of `1.2.3`.
    private mutating func readPointWithoutDigit() {
        let start = position
        position = wordEnd(from: start + 1)
        add(.invalid, start, position)
        let rest = String(decoding: text[start..<position], as: UTF8.self)
        let follows = start > 0 && Characters.isWordByte(text[start - 1])
        report(
            .badNumber, follows ? "a number has one point" : "a digit must stand before the point", start, position,
            help: [follows ? "text that is no number stands in quotes" : "write `0\(rest)`"])
    }

    private static let foreignQuotes = [("“", "”"), ("„", "“"), ("„", "”"), ("‘", "’"), ("«", "»"), ("'", "'"), ("`", "`")]
        .map { (opener: Array($0.utf8), closer: Array($1.utf8)) }
    /// Bytes that are looked at for the quote that closes.
    private static let longestForeignString = 1_000

    /// Behind the closing quote, where other quotes than ours stand around something on one line.
    private func endOfForeignQuotes(from start: Int) -> Int? {
        for (opener, closer) in Self.foreignQuotes where text[start..<limit].starts(with: opener) {
            var end = start + opener.count
            let last = min(limit, end + Self.longestForeignString)
            while end + closer.count <= last, text[end] != 0x0A {
                if text[end..<end + closer.count].elementsEqual(closer) { return end + closer.count }
                end += 1
            }
        }
        return nil
    }

    /// Whether nothing but blanks and a comment follow on the line.
    private var endsLine: Bool {
        var offset = position
        while byte(offset) == 0x20 || byte(offset) == 0x09 { offset += 1 }
        return [nil, 0x0A, 0x0D, 0x23].contains(byte(offset))
    }

    /// Whether the line begins as statements with a block do: `for i in range(3): seed $i`.
    private var lineOpensBlock: Bool {
        guard let first = tokens[lineStart...].first, first.kind == .word else { return false }
        return ["if", "for", "def", "else", "while"].contains(String(decoding: text[first.lower..<first.upper], as: UTF8.self))
    }

    private static func describe(_ spelling: String) -> String {
        guard spelling.unicodeScalars.count == 1, let scalar = spelling.unicodeScalars.first, scalar.value < 0x20 else {
            return "`\(spelling)`"
        }
        return "control character U+" + String(repeating: "0", count: scalar.value < 0x10 ? 3 : 2)
            + String(scalar.value, radix: 16, uppercase: true)
    }

    private func advice(for spelling: String) -> [String] {
        switch spelling.first {
        case ":" where byte(position) == 0x3D: ["`let name = value` sets a variable"]
        case ":" where endsLine || lineOpensBlock: ["statements stand in braces: `if $n > 0 { … }`"]
        case "~", ".", "\\": ["a path is written in quotes: \"~/data/birds\""]
        case "“", "”", "„", "‘", "’", "'", "`": ["strings stand in straight double quotes: \"text\""]
        case "–", "—", "−": ["minus is `-`"]
        case "!": ["negation is `not`; unequal is `!=`"]
        case "&", "|": ["write `and`, `or`"]
        case ":": ["an option is written `name=value`"]
        default: spelling.unicodeScalars.contains { $0.value >= 0x80 } ? ["other than ASCII only in strings and comments"] : []
        }
    }

    // MARK: Strings

    private mutating func readString() {
        var scan = scanString(upTo: limit)
        if scan.isClosed, scan.hasLineBreak, let next = byte(scan.end), closesSuspiciously(before: next) {
            // `"` of a later line directly before a word: the quote that is missing is that of the first line.
            reportUnclosed(scan)
            scan = scanString(upTo: endOfLine(position))
        } else if !scan.isClosed {
            reportUnclosed(scan)
            unclosedString = unclosedString ?? scan
            excusedOpeners.formUnion(openers.filter { !tokens[$0].isSymbol(.openBrace) })
            scan = scanString(upTo: endOfLine(position))
        }
        diagnostics += scan.diagnostics
        add(.string(scan.parts), position, scan.end)
        position = scan.end
    }

    private func scanString(upTo end: Int) -> StringScan {
        StringScan(text: text, file: file, from: position, limit: end)
    }

    private mutating func reportUnclosed(_ scan: StringScan) {
        report(.unclosedString, "the string has no closing `\"`", scan.start, scan.start + 1, label: "it starts here")
    }

    private func closesSuspiciously(before next: UInt8) -> Bool {
        Characters.isWordByte(next) || [0x22, 0x24, 0x7B, 0x5C].contains(next) || next >= 0x80
    }

    private func endOfLine(_ offset: Int) -> Int {
        var end = offset
        while let next = byte(end), next != 0x0A { end += 1 }
        if end > offset, byte(end - 1) == 0x0D { end -= 1 }
        return end
    }
}

extension Token.Kind {
    /// The bracket that closes this token; nil when it opens nothing.
    var closer: Symbol? {
        if case .symbol(let symbol) = self { symbol.closer } else { nil }
    }
}
