/// Data elements of a MATLAB file, one after the other: a tag with type and length, then the data, padded to 8 bytes.
struct MATReader {
    enum ElementType: UInt32 {
        case int8 = 1, uint8, int16, uint16, int32, uint32, single
        case double = 9
        case int64 = 12, uint64, matrix, compressed, utf8, utf16, utf32

        /// Bytes of one value; nil for those that are no numbers or characters.
        var width: Int? {
            switch self {
            case .int8, .uint8, .utf8: 1
            case .int16, .uint16, .utf16: 2
            case .int32, .uint32, .single, .utf32: 4
            case .double, .int64, .uint64: 8
            case .matrix, .compressed: nil
            }
        }
    }

    struct Element {
        let type: ElementType
        let data: ArraySlice<UInt8>
    }

    let bytes: ArraySlice<UInt8>
    let file: String
    /// Of the next element.
    private(set) var position: Int

    /// Cells in cells in structs; deeper is a file made to hurt.
    private static let deepest = 16

    init(bytes: ArraySlice<UInt8>, file: String) {
        self.bytes = bytes
        self.file = file
        position = bytes.startIndex
    }

    private func fault(_ message: String) -> TensorFileError { TensorFileError(file: file, "\(message) (at byte \(position))") }

    /// The element at ``position``, which moves behind it.
    mutating func element() throws -> Element {
        guard bytes.endIndex - position >= 8 else { throw fault("is truncated") }
        let first = word(position)
        // Up to 4 bytes of data may stand in the tag itself, the upper half of whose first word is then their number.
        let isSmall = first >> 16 != 0
        let code = isSmall ? first & 0xFFFF : first
        let count = Int(isSmall ? first >> 16 : word(position + 4))
        guard let type = ElementType(rawValue: code) else { throw fault("holds data of type \(code), which MATLAB has not") }
        let start = position + (isSmall ? 4 : 8)
        guard count <= (isSmall ? 4 : bytes.endIndex - start) else { throw fault("is truncated, or a length in it is wrong: \(count) bytes") }
        let padded = isSmall ? start + 4 : type == .compressed ? start + count : start + (count + 7) / 8 * 8
        position = min(padded, bytes.endIndex)
        return Element(type: type, data: bytes[start..<start + count])
    }

    private func word(_ at: Int) -> UInt32 {
        UInt32(bytes[at]) | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at + 2]) << 16 | UInt32(bytes[at + 3]) << 24
    }

    // MARK: Matrices

    /// The one variable that a compressed element holds.
    static func variable(in bytes: [UInt8], file: String) throws -> (name: String, value: MATValue) {
        var reader = MATReader(bytes: bytes[...], file: file)
        let element = try reader.element()
        guard element.type == .matrix else { throw reader.fault("holds data of type \(element.type) where a variable should be") }
        return try matrix(element.data, file: file, depth: 0)
    }

    /// An array of any class, from the data of a matrix element. An empty one may have no data at all.
    static func matrix(_ data: ArraySlice<UInt8>, file: String, depth: Int) throws -> (name: String, value: MATValue) {
        guard !data.isEmpty else { return ("", .numbers([])) }
        var reader = MATReader(bytes: data, file: file)
        guard depth < deepest else { throw reader.fault("is more than \(deepest) cells deep") }
        let flags = try reader.element()
        guard flags.type == .uint32, flags.data.count == 8, let kind = flags.data.first else { throw reader.fault("an array has no flags") }
        let count = try reader.elementCount()
        let name = String(decoding: try reader.element().data, as: UTF8.self)
        let value: MATValue
        switch kind {
        case 1: value = .cells(try reader.matrices(count, depth: depth))
        case 2: value = try reader.structs(count, depth: depth)
        case 4: value = .text(try reader.characters())
        case 6...15: value = .numbers(try reader.numbers())
        case 3, 17: value = .unread("object")
        case 5: value = .unread("sparse matrix")
        case 16: value = .unread("function")
        default: throw reader.fault("an array has class \(kind), which MATLAB has not")
        }
        return (name, value)
    }

    /// The product of the dimensions, which no file can hold more elements of than it has bytes.
    private mutating func elementCount() throws -> Int {
        let element = try element()
        guard element.type == .int32, element.data.count >= 8, element.data.count % 4 == 0 else { throw fault("an array has no dimensions") }
        let reader = MATReader(bytes: element.data, file: file)
        var count = 1
        for at in stride(from: element.data.startIndex, to: element.data.endIndex, by: 4) {
            let (product, overflow) = count.multipliedReportingOverflow(by: Int(reader.word(at)))
            guard !overflow else { throw fault("an array has dimensions beyond any file") }
            count = product
        }
        return count
    }

    /// - Parameter count: as the file claims; each takes 8 bytes or more.
    private mutating func matrices(_ count: Int, depth: Int) throws -> [MATValue] {
        guard count <= (bytes.endIndex - position) / 8 else {
            throw fault("claims \(count) arrays where \(bytes.endIndex - position) bytes are left")
        }
        var values: [MATValue] = []
        values.reserveCapacity(count)
        for _ in 0..<count {
            let element = try element()
            guard element.type == .matrix else { throw fault("holds data of type \(element.type) where an array should be") }
            values.append(try Self.matrix(element.data, file: file, depth: depth + 1).value)
        }
        return values
    }

    private mutating func structs(_ count: Int, depth: Int) throws -> MATValue {
        let lengths = try element()
        guard lengths.type == .int32, lengths.data.count == 4 else { throw fault("a struct has no length of field names") }
        let length = Int(MATReader(bytes: lengths.data, file: file).word(lengths.data.startIndex))
        let names = try element().data
        guard length > 0, names.count % length == 0 else { throw fault("a struct's field names are not \(length) bytes each") }
        let fields = stride(from: names.startIndex, to: names.endIndex, by: length).map { start in
            String(decoding: names[start..<start + length].prefix { $0 != 0 }, as: UTF8.self)
        }
        let (total, overflow) = count.multipliedReportingOverflow(by: fields.count)
        guard !overflow, !fields.isEmpty || count == 0 else { throw fault("a struct array has no fields, or more than any file") }
        let values = try matrices(total, depth: depth)
        let elements = fields.isEmpty ? [] : stride(from: 0, to: total, by: fields.count).map { Array(values[$0..<$0 + fields.count]) }
        return .structs(fields: fields, elements: elements)
    }

    private mutating func characters() throws -> String {
        let element = try element()
        switch element.type {
        case .utf8, .int8, .uint8:
            // Bytes that are no UTF-8 are of MATLAB's old western character set.
            return String(validating: element.data, as: UTF8.self) ?? String(String.UnicodeScalarView(element.data.map { Unicode.Scalar($0) }))
        case .uint16, .utf16, .int16:
            return String(decoding: units(element.data, 2).map { UInt16(truncatingIfNeeded: $0) }, as: UTF16.self)
        case .utf32, .uint32, .int32:
            return String(decoding: units(element.data, 4).map { UInt32(truncatingIfNeeded: $0) }, as: UTF32.self)
        default: throw fault("a text holds data of type \(element.type)")
        }
    }

    private mutating func numbers() throws -> [Double] {
        let element = try element()
        guard let width = element.type.width else { throw fault("numbers hold data of type \(element.type)") }
        let words = units(element.data, width)
        return switch element.type {
        case .int8: words.map { Double(Int8(truncatingIfNeeded: $0)) }
        case .int16: words.map { Double(Int16(truncatingIfNeeded: $0)) }
        case .int32: words.map { Double(Int32(truncatingIfNeeded: $0)) }
        case .int64: words.map { Double(Int64(bitPattern: $0)) }
        case .single: words.map { Double(Float(bitPattern: UInt32(truncatingIfNeeded: $0))) }
        case .double: words.map { Double(bitPattern: $0) }
        default: words.map { Double($0) }
        }
    }

    /// Unsigned values of `width` bytes; a rest that is none is dropped.
    private func units(_ data: ArraySlice<UInt8>, _ width: Int) -> [UInt64] {
        stride(from: data.startIndex, to: data.endIndex - data.count % width, by: width).map { start in
            data[start..<start + width].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
    }
}
