/// The statement in which the cursor stands, taken apart as far as completion needs it.
struct UnfinishedStatement {
    /// Whole words before the one at the cursor.
    private(set) var words: [String] = []
    /// What stands directly before the cursor and is to be completed; without an opening quote.
    private(set) var unfinished = ""
    /// The option whose value is being typed.
    private(set) var option: String?
    private(set) var isInString = false
    private(set) var isComment = false

    init(_ bytes: [UInt8]) {
        var word: [UInt8] = []
        var string: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if isComment {
                if byte == 0x0A { reset(&word) }
                continue
            }
            if isInString {
                if byte == 0x5C, index < bytes.count {
                    string += [byte, bytes[index]]
                    index += 1
                } else if byte == 0x22 {
                    isInString = false
                    word += string + [byte]
                } else {
                    string.append(byte)
                }
                continue
            }
            switch byte {
            case 0x22:
                isInString = true
                word.append(byte)
                string = []
            case 0x23 where word.isEmpty: isComment = true
            case 0x0A where endsInBackslash(bytes, before: index - 1): end(&word)
            case 0x0A, 0x3B, 0x7B, 0x7D: reset(&word)
            case 0x20, 0x09, 0x0D, 0x5C: end(&word)
            default: word.append(byte)
            }
        }
        finish(word, string)
    }

    private func endsInBackslash(_ bytes: [UInt8], before index: Int) -> Bool {
        var last = index - 1
        while last >= 0, bytes[last] == 0x20 || bytes[last] == 0x09 || bytes[last] == 0x0D { last -= 1 }
        return last >= 0 && bytes[last] == 0x5C
    }

    private mutating func reset(_ word: inout [UInt8]) {
        words = []
        word = []
        isComment = false
    }

    private mutating func end(_ word: inout [UInt8]) {
        if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
        word = []
    }

    private mutating func finish(_ word: [UInt8], _ string: [UInt8]) {
        var text = String(decoding: word, as: UTF8.self)
        if let name = Self.optionName(text) {
            option = name
            text = String(text.dropFirst(name.count + 1))
        }
        if isInString {
            unfinished = String(decoding: string, as: UTF8.self)
            if let brace = unfinished.lastIndex(of: "{"), !unfinished[brace...].contains("}"),
                let mark = unfinished[brace...].lastIndex(of: "$")
            {
                unfinished = String(unfinished[mark...])
            }
        } else {
            // Inside brackets and expressions only what follows the last separator is being typed.
            unfinished = text.lastIndex(where: { "[(,+*/<>".contains($0) }).map { String(text[text.index(after: $0)...]) } ?? text
        }
    }

    /// The name before `=`, if the word is an option's.
    static func optionName(_ word: String) -> String? {
        guard let mark = word.firstIndex(of: "="), mark != word.startIndex else { return nil }
        let name = word[..<mark]
        return name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" } ? String(name) : nil
    }
}
