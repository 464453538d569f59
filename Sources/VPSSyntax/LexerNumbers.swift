import Diagnostics

extension Lexer {
    /// `12`, `1_000`, `0.5`, `5e-3`, each with a unit directly after it or none.
    mutating func readNumber() {
        let start = position
        var end = digitsEnd(from: start)
        var isInteger = true
        if byte(end) == 0x2E, let next = byte(end + 1), Characters.isDigit(next) {
            isInteger = false
            end = digitsEnd(from: end + 1)
        }
        if byte(end) == 0x65 || byte(end) == 0x45 {
            let sign = byte(end + 1) == 0x2B || byte(end + 1) == 0x2D ? 1 : 0
            if let next = byte(end + 1 + sign), Characters.isDigit(next) {
                isInteger = false
                end = digitsEnd(from: end + 1 + sign)
            }
        }
        let numberEnd = end
        while let next = byte(end), Characters.isWordByte(next) { end += 1 }
        if isInteger, end == numberEnd, byte(end) == 0x2E, byte(end + 1) != 0x2E { end += 1 }
        position = end

        let digits = String(decoding: text[start..<numberEnd], as: UTF8.self)
        let suffix = String(decoding: text[numberEnd..<end], as: UTF8.self)
        guard suffix != "." else {
            return reject(.badNumber, "a digit must follow the point", start, end, "write `\(digits)` or `\(digits).0`")
        }
        let marks = (start..<numberEnd).filter { text[$0] == 0x5F }
        guard marks.allSatisfy({ $0 + 1 < numberEnd && Characters.isDigit(text[$0 + 1]) }), !suffix.hasPrefix("_") else {
            return reject(.badNumber, "`_` stands between two digits", start, end, nil)
        }
        let plain = marks.isEmpty ? digits : digits.filter { $0 != "_" }
        guard let value = Double(plain), value.isFinite else {
            return reject(.badNumber, "`\(digits)` is larger than any number here", start, end, "the largest is 1.79e308")
        }
        let integer = isInteger ? Int(plain) : nil
        guard integer != nil || !isInteger else {
            return reject(
                .badNumber, "`\(digits)` does not fit in 64 bits", start, end, "the largest integer is \(Int.max)")
        }
        let unit = suffix.isEmpty ? nil : Unit(rawValue: suffix)
        guard suffix.isEmpty || unit != nil else {
            position = wordEnd(from: end)  // `3abc-def` is one mistake
            return rejectUnit(suffix, start, numberEnd, end)
        }
        let spelling = suffix.isEmpty ? digits : digits + suffix
        add(
            .number(NumberLiteral(value: value, integer: integer, unit: unit, spelling: spelling)),
            start, end)
    }

    private func digitsEnd(from start: Int) -> Int {
        var end = start
        while let next = byte(end), Characters.isDigit(next) || next == 0x5F { end += 1 }
        return end
    }

    private mutating func reject(_ code: SyntaxCode, _ message: String, _ lower: Int, _ upper: Int, _ label: String?) {
        report(code, message, lower, upper, label: label)
        add(.invalid, lower, upper)
    }

    private mutating func rejectUnit(_ suffix: String, _ start: Int, _ numberEnd: Int, _ end: Int) {
        let units = Unit.allCases.map(\.rawValue)
        let guess = closestMatch(to: suffix, among: units).map { "did you mean `\($0)`?" }
        report(
            .unknownUnit, "no unit is called `\(suffix)`", numberEnd, end, label: guess,
            help: ["sizes: B KB MB GB TB KiB MiB GiB TiB; times: ms s min h d", "a word that starts with a digit is quoted"])
        add(.invalid, start, position)
    }
}
