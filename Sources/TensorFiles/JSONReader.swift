extension JSONValue {
    /// Parses one JSON text (RFC 8259, UTF-8), with nothing but space around it.
    /// - Throws: ``JSONError``, also for a key given twice and for nesting deeper than 64.
    package static func parse(_ bytes: [UInt8]) throws -> JSONValue {
        var reader = JSONReader(bytes: bytes)
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.position == bytes.count else { throw reader.error("something follows the value") }
        return value
    }
}

private struct JSONReader {
    let bytes: [UInt8]
    var position = 0
    static let deepest = 64

    init(bytes: [UInt8]) { self.bytes = bytes }

    func error(_ message: String) -> JSONError { JSONError(offset: position, message: message) }

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    mutating func take(_ byte: Character) -> Bool {
        guard let value = byte.asciiValue, next == value else { return false }
        position += 1
        return true
    }

    mutating func value(depth: Int) throws -> JSONValue {
        guard depth <= Self.deepest else { throw error("nested deeper than \(Self.deepest)") }
        skipSpace()
        guard let first = next else { throw error("the text ends where a value should stand") }
        switch first {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw error("no value starts like this")
        }
    }

    mutating func word(_ text: String, _ value: JSONValue) throws -> JSONValue {
        guard bytes[position...].starts(with: text.utf8) else { throw error("no value starts like this") }
        position += text.utf8.count
        return value
    }

    mutating func object(depth: Int) throws -> JSONValue {
        position += 1
        var members: [String: JSONValue] = [:]
        skipSpace()
        if take("}") { return .object(members) }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw error("a key in quotes should stand here") }
            let start = position
            let key = try string()
            skipSpace()
            guard take(":") else { throw error("`:` should follow the key") }
            let member = try value(depth: depth + 1)
            guard members.updateValue(member, forKey: key) == nil else {
                throw JSONError(offset: start, message: "the key `\(key.printable)` is given twice")
            }
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { throw error("`,` or `}` should stand here") }
        }
    }

    mutating func array(depth: Int) throws -> JSONValue {
        position += 1
        var elements: [JSONValue] = []
        skipSpace()
        if take("]") { return .array(elements) }
        while true {
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if take("]") { return .array(elements) }
            guard take(",") else { throw error("`,` or `]` should stand here") }
        }
    }

    mutating func number() throws -> JSONValue {
        let start = position
        func malformed() -> JSONError { JSONError(offset: start, message: "malformed number") }
        whole: do {
            if next == UInt8(ascii: "-") { position += 1 }
            let lead = position
            guard digits() > 0 else { throw malformed() }
            guard bytes[lead] != UInt8(ascii: "0") || position == lead + 1 else { throw malformed() }
            if let byte = next, byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e") { break whole }
            // A whole number too large for Int is refused: nothing that a file counts is that large.
            guard let value = Int(String(decoding: bytes[start..<position], as: UTF8.self)) else {
                throw JSONError(offset: start, message: "the whole number is out of range")
            }
            return .integer(value)
        }
        if take(".") { guard digits() > 0 else { throw malformed() } }
        if let byte = next, byte | 0x20 == UInt8(ascii: "e") {
            position += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
            guard digits() > 0 else { throw malformed() }
        }
        guard let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)), value.isFinite else { throw malformed() }
        return .number(value)
    }

    mutating func digits() -> Int {
        let start = position
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        return position - start
    }

    mutating func string() throws -> String {
        position += 1
        var text: [UInt8] = []
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                guard let string = String(validating: text, as: UTF8.self) else { throw error("the string is not UTF-8") }
                return string
            case UInt8(ascii: "\\"):
                position += 1
                try escape(into: &text)
            case ..<0x20: throw error("a control character stands in a string")
            default:
                text.append(byte)
                position += 1
            }
        }
        throw error("the string does not end")
    }

    mutating func escape(into text: inout [UInt8]) throws {
        guard let byte = next else { throw error("the string does not end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if 0xD800..<0xDC00 ~= code {
                guard take("\\"), take("u") else { throw error("half a surrogate pair") }
                let low = try hexadecimal()
                guard 0xDC00..<0xE000 ~= low else { throw error("half a surrogate pair") }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw error("half a surrogate pair") }
            text.append(contentsOf: UTF8.encode(scalar) ?? .init())
        default: throw error("unknown escape")
        }
    }

    mutating func hexadecimal() throws -> UInt32 {
        guard bytes.count - position >= 4, let code = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16),
              bytes[position] != UInt8(ascii: "+"), bytes[position] != UInt8(ascii: "-")
        else { throw error("four hexadecimal digits should follow \\u") }
        position += 4
        return code
    }
}
