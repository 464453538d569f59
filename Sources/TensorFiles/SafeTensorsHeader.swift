/// Where one tensor lies in a safetensors file.
public struct SafeTensorsEntry: Hashable, Sendable {
    public let name: String
    public let type: ElementType
    public let shape: [Int]
    /// Bytes of the file, header included.
    public let range: Range<Int>
    /// The product of `shape`.
    public var count: Int { range.count / type.size }
}

/// The description at the start of a safetensors file: 8 bytes of length, that much JSON, then the data.
///
/// As strict as the format's own reader: the data regions must cover the rest of the file exactly, with neither
/// overlap nor hole, and every region must be as long as its shape and type say.
struct SafeTensorsHeader {
    /// The format's own bound on the description.
    static let longest = 100_000_000

    let entries: [String: SafeTensorsEntry]
    let metadata: [String: String]

    init(_ file: RandomAccessFile) throws {
        func fault(_ message: String) -> TensorFileError { TensorFileError(file: file.path, message) }
        guard file.count >= 8 else { throw fault("is not a safetensors file: \(file.count) bytes cannot hold a header") }
        let length = try file.bytes(0..<8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(Self.longest), let headerCount = Int(exactly: length), headerCount <= file.count - 8 else {
            throw fault("is not a safetensors file, or is truncated: it announces a header of \(length) bytes and has \(file.count - 8) after the length")
        }
        let text = try file.bytes(8..<8 + headerCount)
        guard text.first == UInt8(ascii: "{") else { throw fault("is not a safetensors file: its header does not start with `{`") }
        let members: [String: JSONValue]
        do {
            guard let object = try JSONValue.parse(text).object else { throw fault("the header is not a JSON object") }
            members = object
        } catch let error as JSONError {
            throw fault("the header is \(error)")
        }
        metadata = try Self.metadata(members["__metadata__"], file: file.path)
        var entries: [String: SafeTensorsEntry] = [:]
        for (name, value) in members.sorted(by: { $0.key < $1.key }) where name != "__metadata__" {
            entries[name] = try Self.entry(name, value, dataStart: 8 + headerCount, dataCount: file.count - 8 - headerCount, file: file.path)
        }
        try Self.checkCover(entries.values, dataStart: 8 + headerCount, dataEnd: file.count, file: file.path)
        self.entries = entries
    }

    private static func metadata(_ value: JSONValue?, file: String) throws -> [String: String] {
        guard let value else { return [:] }
        guard let members = value.object else { throw TensorFileError(file: file, "the header's `__metadata__` is not an object") }
        return try members.mapValues { member in
            guard let text = member.string else { throw TensorFileError(file: file, "the header's `__metadata__` holds something other than text") }
            return text
        }
    }

    private static func entry(_ name: String, _ value: JSONValue, dataStart: Int, dataCount: Int, file: String) throws -> SafeTensorsEntry {
        func fault(_ message: String) -> TensorFileError { TensorFileError(file: file, tensor: name, message) }
        guard let members = value.object, let typeName = members["dtype"]?.string,
              let shape = members["shape"]?.integers, let offsets = members["data_offsets"]?.integers, offsets.count == 2
        else { throw fault("its description in the header is not {dtype, shape, data_offsets: [begin, end]}") }
        if let unknown = members.keys.filter({ !["dtype", "shape", "data_offsets"].contains($0) }).min() {
            throw fault("its description in the header has the unknown key `\(unknown.printable)`")
        }
        guard let type = ElementType(rawValue: typeName) else {
            throw fault("is stored as `\(typeName.printable)`; understood are \(ElementType.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        guard let count = elementCount(shape) else { throw fault("the shape \(shape) is negative or beyond any file") }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: type.size)
        let (begin, end) = (offsets[0], offsets[1])
        guard begin >= 0, begin <= end else { throw fault("the data range \(begin)..<\(end) runs backwards") }
        guard end <= dataCount else {
            throw fault("its data ends at byte \(end), the file holds \(dataCount) bytes of data: truncated, or the header lies")
        }
        guard !overflow, bytes == end - begin else {
            throw fault("shape \(shape) of \(typeName) needs \(overflow ? "more bytes than there are" : "\(bytes) bytes"), its data range has \(end - begin)")
        }
        return SafeTensorsEntry(name: name, type: type, shape: shape, range: dataStart + begin..<dataStart + end)
    }

    private static func checkCover(_ entries: some Collection<SafeTensorsEntry>, dataStart: Int, dataEnd: Int, file: String) throws {
        var reached = dataStart
        var previous: SafeTensorsEntry?
        let ordered = entries.sorted { ($0.range.lowerBound, $0.range.upperBound, $0.name) < ($1.range.lowerBound, $1.range.upperBound, $1.name) }
        for entry in ordered {
            guard entry.range.lowerBound >= reached else {
                throw TensorFileError(file: file, tensor: entry.name, "its data overlaps that of `\((previous?.name ?? "").printable)`")
            }
            guard entry.range.lowerBound == reached else {
                throw TensorFileError(file: file, tensor: entry.name, "\(entry.range.lowerBound - reached) bytes before its data belong to no tensor")
            }
            reached = entry.range.upperBound
            previous = entry
        }
        guard reached == dataEnd else { throw TensorFileError(file: file, "\(dataEnd - reached) bytes at the end belong to no tensor") }
    }
}
