/// The description at the start of an `.npy` file: a magic number, a version, a length, and a Python dictionary as text.
struct NPYHeader {
    let type: ElementType
    let shape: [Int]
    /// Whether the first index varies fastest.
    let isColumnMajor: Bool
    /// Where the values start.
    let dataStart: Int

    static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    /// - Parameter name: what to call the array in messages.
    init(_ bytes: [UInt8], name: String) throws {
        func fault(_ message: String) -> TensorFileError { TensorFileError(file: name, message) }
        guard bytes.starts(with: Self.magic), bytes.count >= 10 else { throw fault("is not an .npy array") }
        let lengthBytes: Int
        switch bytes[6] {
        case 1: lengthBytes = 2
        case 2, 3: lengthBytes = 4
        default: throw fault("is an .npy array of version \(bytes[6]); 1, 2 and 3 are understood")
        }
        let textStart = 8 + lengthBytes
        guard bytes.count >= textStart else { throw fault("is truncated") }
        let length = bytes[8..<textStart].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length <= bytes.count - textStart else {
            throw fault("is truncated: its header announces \(length) bytes and \(bytes.count - textStart) follow")
        }
        let fields: [String: PythonLiteral]
        do { fields = try PythonLiteral.dictionary(bytes[textStart..<textStart + length]) } catch {
            throw fault("its .npy header cannot be understood: \(error.message)")
        }
        guard case .text(let description)? = fields["descr"], case .flag(let columnMajor)? = fields["fortran_order"],
              case .tuple(let shape)? = fields["shape"], fields.count == 3
        else { throw fault("its .npy header does not have descr, fortran_order and shape") }
        type = try Self.type(description, name: name)
        self.shape = shape
        isColumnMajor = columnMajor
        dataStart = textStart + length
        guard let count = elementCount(shape) else { throw fault("the shape \(shape) is beyond any file") }
        let (needed, overflow) = count.multipliedReportingOverflow(by: type.size)
        guard !overflow, needed == bytes.count - dataStart else {
            throw fault("shape \(shape) of \(description) needs \(overflow ? "more bytes than there are" : "\(needed) bytes"), the file has \(bytes.count - dataStart)")
        }
    }

    private static func type(_ description: String, name: String) throws -> ElementType {
        let types: [Substring: ElementType] = [
            "b1": .bool, "u1": .uint8, "i1": .int8, "u2": .uint16, "i2": .int16, "f2": .float16,
            "u4": .uint32, "i4": .int32, "f4": .float32, "u8": .uint64, "i8": .int64, "f8": .float64,
        ]
        guard let type = types[description.dropFirst()] else {
            throw TensorFileError(file: name, "holds `\(description.printable)`; plain numbers are understood, Python objects and records are not")
        }
        guard description.first != ">" || type.size == 1 else {
            throw TensorFileError(file: name, "is big-endian (`\(description)`); save it in the usual byte order with `array.astype('\(description.dropFirst())')`")
        }
        guard let order = description.first, "<=|>".contains(order) else {
            throw TensorFileError(file: name, "holds `\(description.printable)`, which is no numpy type")
        }
        return type
    }
}

/// The few Python values that an `.npy` header is made of.
enum PythonLiteral: Hashable {
    case text(String), flag(Bool), tuple([Int])

    struct Malformed: Error { let message: String }

    /// Parses `{'key': value, …}` with nothing but space around it.
    static func dictionary(_ bytes: ArraySlice<UInt8>) throws(Malformed) -> [String: PythonLiteral] {
        var rest = bytes
        func skip() { rest = rest.drop { $0 == 0x20 || $0 == 0x0A } }
        func take(_ byte: Unicode.Scalar) -> Bool {
            skip()
            guard rest.first == UInt8(ascii: byte) else { return false }
            rest.removeFirst()
            return true
        }
        func text() throws(Malformed) -> String {
            skip()
            guard let quote = rest.first, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { throw Malformed(message: "a quoted text is missing") }
            rest.removeFirst()
            guard let end = rest.firstIndex(of: quote), let text = String(validating: rest[..<end], as: UTF8.self) else {
                throw Malformed(message: "a quoted text does not end")
            }
            rest = rest[(end + 1)...]
            return text
        }
        func value() throws(Malformed) -> PythonLiteral {
            skip()
            for (word, flag) in [("True", true), ("False", false)] where rest.starts(with: word.utf8) {
                rest = rest.dropFirst(word.utf8.count)
                return .flag(flag)
            }
            guard take("(") else { return .text(try text()) }
            var numbers: [Int] = []
            while !take(")") {
                skip()
                let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
                guard let number = Int(String(decoding: digits, as: UTF8.self)) else { throw Malformed(message: "a dimension is no whole number") }
                numbers.append(number)
                rest = rest[digits.endIndex...]
                if take(",") { continue }
                guard take(")") else { throw Malformed(message: "the shape does not end") }
                break
            }
            return .tuple(numbers)
        }
        guard take("{") else { throw Malformed(message: "it is no dictionary") }
        var fields: [String: PythonLiteral] = [:]
        while !take("}") {
            let key = try text()
            guard take(":") else { throw Malformed(message: "`:` is missing after `\(key.printable)`") }
            guard fields.updateValue(try value(), forKey: key) == nil else { throw Malformed(message: "`\(key.printable)` is given twice") }
            if take(",") { continue }
            guard take("}") else { throw Malformed(message: "the dictionary does not end") }
            break
        }
        skip()
        guard rest.isEmpty else { throw Malformed(message: "something follows the dictionary") }
        return fields
    }
}
