import Diagnostics

/// The bytes of one string taken apart: where it ends, its text with escapes resolved, its interpolations as ranges.
struct StringScan {
    let start: Int
    /// After the closing quote, or where reading stopped.
    var end: Int
    var isClosed = false
    var hasLineBreak = false
    var parts: [RawStringPart] = []
    var diagnostics: [Diagnostic] = []

    private static let deepest = 16

    private let text: [UInt8]
    private let file: Int
    private let limit: Int
    private var pending: [UInt8] = []

    /// - Parameters:
    ///   - start: offset of the opening quote.
    ///   - limit: offset at which reading stops at the latest.
    init(text: [UInt8], file: Int, from start: Int, limit: Int) {
        self.text = text
        self.file = file
        self.start = start
        self.limit = min(limit, text.count)
        end = start + 1
        scan()
        flush()
        if !isClosed { end = self.limit }
    }

    private func byte(_ offset: Int) -> UInt8? { offset >= 0 && offset < limit ? text[offset] : nil }

    private mutating func flush() {
        guard !pending.isEmpty else { return }
        parts.append(.text(String(decoding: pending, as: UTF8.self)))
        pending.removeAll()
    }

    private mutating func scan() {
        var offset = start + 1
        while let next = byte(offset) {
            switch next {
            case 0x22:
                end = offset + 1
                isClosed = true
                return
            case 0x5C:
                offset = escape(at: offset)
            case 0x7B:
                guard let after = interpolation(at: offset) else { return }
                offset = after
            case 0x0D where byte(offset + 1) == 0x0A:
                offset += 1
            default:
                if next == 0x0A { hasLineBreak = true }
                pending.append(next)
                offset += 1
            }
        }
    }

    /// Offset after the escape that starts at `offset`.
    private mutating func escape(at offset: Int) -> Int {
        guard let next = byte(offset + 1) else { return offset + 1 }
        let simple: [UInt8: UInt8] = [
            0x6E: 0x0A, 0x74: 0x09, 0x72: 0x0D, 0x22: 0x22, 0x5C: 0x5C, 0x7B: 0x7B, 0x7D: 0x7D,
        ]
        if let meaning = simple[next] {
            pending.append(meaning)
            return offset + 2
        }
        if next == 0x0A || next == 0x0D && byte(offset + 2) == 0x0A {  // joins two lines
            hasLineBreak = true
            return offset + (next == 0x0A ? 2 : 3)
        }
        var upper = offset + 2
        if next == 0x75, byte(offset + 2) == 0x7B {
            while let digit = byte(upper), digit != 0x7D, digit != 0x22, digit != 0x0A { upper += 1 }
            let digits = String(decoding: text[min(offset + 3, upper)..<upper], as: UTF8.self)
            if byte(upper) == 0x7D { upper += 1 }
            if digits.count <= 8, let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value) {
                pending += Array(String(Character(scalar)).utf8)
                return upper
            }
        } else {
            while let continuation = byte(upper), continuation & 0xC0 == 0x80 { upper += 1 }
        }
        diagnostics.append(
            Diagnostic(
                code: SyntaxCode.badEscape.rawValue,
                "`\(String(decoding: text[offset..<upper], as: UTF8.self))` is no escape",
                at: SourceSpan(file: file, lower: offset, upper: upper), help: [#"escapes: \n \t \r \" \\ \{ \} \u{1F600}"#]))
        return upper
    }

    /// Offset after the interpolation whose `{` is at `offset`; nil when it is broken and the string has been ended.
    private mutating func interpolation(at offset: Int) -> Int? {
        guard let found = interpolationEnd(from: offset, depth: 0) else {
            diagnostics.append(
                Diagnostic(
                    code: SyntaxCode.badInterpolation.rawValue, "`{` in a string has no `}` on its line",
                    at: SourceSpan(file: file, lower: offset, upper: offset + 1), help: ["a brace that is only text is written `\\{`"]))
            end = offset
            while let next = byte(end), next != 0x22, next != 0x0A { end += 1 }
            if byte(end) == 0x22 { end += 1 }
            isClosed = true
            return nil
        }
        flush()
        parts.append(.interpolation(expression: offset + 1..<(found.colon ?? found.close), format: found.format))
        return found.close + 1
    }

    private struct Interpolation {
        var colon: Int?
        var close: Int
        var format: Range<Int>? { colon.map { $0 + 1..<close } }
    }

    /// Where the `{` at `start` is closed, on its own line.
    private func interpolationEnd(from start: Int, depth: Int) -> Interpolation? {
        guard depth < Self.deepest else { return nil }
        var colon: Int?
        var offset = start + 1
        while let next = byte(offset), next != 0x0A {
            switch next {
            case 0x7D: return Interpolation(colon: colon, close: offset)
            case 0x3A where colon == nil: colon = offset
            case 0x22 where colon == nil:
                guard let after = nestedEnd(from: offset, depth: depth) else { return nil }
                offset = after
                continue
            default: break
            }
            offset += 1
        }
        return nil
    }

    /// Where a string inside an interpolation ends: on its own line.
    private func nestedEnd(from start: Int, depth: Int) -> Int? {
        var offset = start + 1
        while let next = byte(offset), next != 0x0A {
            switch next {
            case 0x22: return offset + 1
            case 0x5C: offset += 2
            case 0x7B:
                guard let inner = interpolationEnd(from: offset, depth: depth + 1) else { return nil }
                offset = inner.close + 1
            default: offset += 1
            }
        }
        return nil
    }
}
