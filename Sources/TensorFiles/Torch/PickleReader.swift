/// What a pickle holds, as far as a file of tensors needs it. Containers are places in ``Pickle``'s tables, so that neither
/// nesting nor a container within itself can harm whoever lets go of them.
package enum PickleValue: Sendable {
    case none
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case tuple(Int)
    case list(Int)
    case dictionary(Int)
    /// A name of Python's that may be called or stands for a type; nothing is ever called.
    case global(String)
    case storage(TorchStorage)
    case tensor(TorchTensor)
}

/// The numbers behind tensors: a member of the archive.
package struct TorchStorage: Hashable, Sendable {
    package let key: String
    package let type: ElementType
    /// Numbers that it is said to have.
    package let count: Int
}

/// A view into a storage.
package struct TorchTensor: Sendable {
    package let storage: TorchStorage
    package let offset: Int
    package let shape, strides: [Int]
}

/// A pickle that was read.
package struct Pickle: Sendable {
    package fileprivate(set) var top = PickleValue.none
    /// Elements of tuples and lists.
    fileprivate var sequences: [[PickleValue]] = []
    /// Keys and values of dictionaries.
    fileprivate var dictionaries: [[(PickleValue, PickleValue)]] = []

    package func elements(_ place: Int) -> [PickleValue] { sequences.indices.contains(place) ? sequences[place] : [] }

    /// Members whose keys are texts, in the pickle's order.
    package func members(_ place: Int) -> [(name: String, value: PickleValue)] {
        guard dictionaries.indices.contains(place) else { return [] }
        return dictionaries[place].compactMap { key, value in if case .text(let name) = key { (name: name, value: value) } else { nil } }
    }
}

/// Reads the pickles that PyTorch writes (Python's protocols 2 to 5), and executes nothing: the few names that tensors are made
/// of stand for values of ours, and any other name is an error.
package struct PickleReader {
    /// Longer descriptions of tensors do not exist.
    package static let longest = 64 << 20

    private let bytes: [UInt8]
    private let file: String
    private var at = 0
    private var stack: [PickleValue] = []
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]
    private var pickle = Pickle()

    /// - Parameter file: its name in messages.
    /// - Throws: ``TensorFileError`` saying what it holds that no file of tensors needs, or where it breaks off.
    package static func read(_ bytes: [UInt8], file: String) throws -> Pickle {
        guard bytes.count <= longest else { throw TensorFileError(file: file, "has a description of \(bytes.count) bytes, more than any list of tensors needs") }
        var reader = PickleReader(bytes: bytes, file: file)
        return try reader.run()
    }

    private init(bytes: [UInt8], file: String) { (self.bytes, self.file) = (bytes, file) }

    private func fault(_ message: String) -> TensorFileError { TensorFileError(file: file, "its pickle, byte \(at): \(message)") }

    // MARK: The machine

    private mutating func run() throws -> Pickle {
        while true {
            let code = try byte()
            if code == UInt8(ascii: ".") {
                pickle.top = try pop()
                return pickle
            }
            try step(code)
        }
    }

    private mutating func step(_ code: UInt8) throws {
        switch code {
        case 0x80: guard try byte() <= 5 else { throw fault("is of a protocol that is not known") }  // PROTO
        case 0x95: _ = try integer(8)  // FRAME
        case UInt8(ascii: "("): marks.append(stack.count)
        case UInt8(ascii: "0"): _ = try pop()
        case UInt8(ascii: "1"): _ = try popToMark()
        case UInt8(ascii: "2"): stack.append(try top())
        case UInt8(ascii: "N"): stack.append(.none)
        case 0x88: stack.append(.bool(true))
        case 0x89: stack.append(.bool(false))
        case UInt8(ascii: "K"): stack.append(.integer(Int(try byte())))
        case UInt8(ascii: "M"): stack.append(.integer(try integer(2)))
        case UInt8(ascii: "J"): stack.append(.integer(Int(Int32(truncatingIfNeeded: try integer(4)))))
        case 0x8A: stack.append(.integer(try long()))
        case UInt8(ascii: "G"): stack.append(.number(Double(bitPattern: try take(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })))
        case UInt8(ascii: "X"): stack.append(.text(try text(integer(4))))
        case 0x8C: stack.append(.text(try text(Int(byte()))))
        case 0x8D: stack.append(.text(try text(integer(8))))
        case UInt8(ascii: "q"): memo[Int(try byte())] = try top()
        case UInt8(ascii: "r"): memo[try integer(4)] = try top()
        case 0x94: memo[memo.count] = try top()
        case UInt8(ascii: "h"): stack.append(try remembered(Int(byte())))
        case UInt8(ascii: "j"): stack.append(try remembered(integer(4)))
        case UInt8(ascii: ")"): stack.append(tuple([]))
        case 0x85, 0x86, 0x87: try makeTuple(Int(code) - 0x84)
        case UInt8(ascii: "t"): stack.append(tuple(try popToMark()))
        case UInt8(ascii: "]"): stack.append(list())
        case UInt8(ascii: "a"): try append([pop()])
        case UInt8(ascii: "e"): try append(popToMark())
        case UInt8(ascii: "}"): stack.append(dictionary())
        case UInt8(ascii: "s"):
            let value = try pop()
            try set([pop(), value])
        case UInt8(ascii: "u"): try set(popToMark())
        case UInt8(ascii: "c"): stack.append(try global(line(), line()))
        case 0x93:
            guard case .text(let name) = try pop(), case .text(let module) = try pop() else { throw fault("a name is no text") }
            stack.append(try global(module, name))
        case UInt8(ascii: "Q"): try makeStorage()
        case UInt8(ascii: "R"): try reduce()
        case UInt8(ascii: "b"): try build()
        default: throw fault("has the operation \(String(code, radix: 16)), which no list of tensors needs")
        }
    }

    // MARK: Bytes

    private mutating func byte() throws -> UInt8 {
        guard at < bytes.count else { throw fault("breaks off") }
        defer { at += 1 }
        return bytes[at]
    }

    private mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
        guard count >= 0, count <= bytes.count - at else { throw fault("breaks off") }
        defer { at += count }
        return bytes[at..<at + count]
    }

    /// Unsigned, little-endian.
    private mutating func integer(_ width: Int) throws -> Int {
        let value = try take(width).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard let small = Int(exactly: value) else { throw fault("has a number beyond all sizes") }
        return small
    }

    /// Two's complement of up to eight bytes.
    private mutating func long() throws -> Int {
        let count = Int(try byte())
        guard count <= 8 else { throw fault("has a number of \(count) bytes") }
        let digits = try take(count)
        let value = digits.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard count < 8, let last = digits.last, last & 0x80 != 0 else { return Int(Int64(bitPattern: value)) }
        return Int(Int64(bitPattern: value | ~UInt64(0) << UInt64(8 * count)))
    }

    private mutating func text(_ count: Int) throws -> String {
        guard let text = String(validating: try take(count), as: UTF8.self) else { throw fault("has a text that is not UTF-8") }
        return text
    }

    private mutating func line() throws -> String {
        guard let end = bytes[at...].firstIndex(of: UInt8(ascii: "\n")), end - at <= 1000 else { throw fault("has a name that does not end") }
        defer { at = end + 1 }
        return String(decoding: bytes[at..<end], as: UTF8.self)
    }

    // MARK: The stack

    private func top() throws -> PickleValue {
        guard let value = stack.last, stack.count > marks.last ?? 0 else { throw fault("takes what is not there") }
        return value
    }

    private mutating func pop() throws -> PickleValue {
        let value = try top()
        stack.removeLast()
        return value
    }

    private mutating func popToMark() throws -> [PickleValue] {
        guard let mark = marks.popLast(), mark <= stack.count else { throw fault("takes what is not there") }
        let values = Array(stack[mark...])
        stack.removeSubrange(mark...)
        return values
    }

    private func remembered(_ key: Int) throws -> PickleValue {
        guard let value = memo[key] else { throw fault("asks for what was never kept") }
        return value
    }

    private mutating func makeTuple(_ count: Int) throws {
        var values: [PickleValue] = []
        for _ in 0..<count { values.append(try pop()) }
        stack.append(tuple(values.reversed()))
    }

    private mutating func tuple(_ values: [PickleValue]) -> PickleValue {
        pickle.sequences.append(values)
        return .tuple(pickle.sequences.count - 1)
    }

    private mutating func list() -> PickleValue {
        pickle.sequences.append([])
        return .list(pickle.sequences.count - 1)
    }

    private mutating func dictionary() -> PickleValue {
        pickle.dictionaries.append([])
        return .dictionary(pickle.dictionaries.count - 1)
    }

    private mutating func append(_ values: [PickleValue]) throws {
        guard case .list(let place) = try top() else { throw fault("appends to what is no list") }
        pickle.sequences[place] += values
    }

    private mutating func set(_ values: [PickleValue]) throws {
        guard case .dictionary(let place) = try top(), values.count % 2 == 0 else { throw fault("sets members of what is no dictionary") }
        for pair in stride(from: 0, to: values.count, by: 2) { pickle.dictionaries[place].append((values[pair], values[pair + 1])) }
    }

    // MARK: Python's names

    private static let dictionaryType = "collections.OrderedDict"
    private static let rebuilders: Set<String> = ["torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_parameter"]
    private static let storages: [String: ElementType] = [
        "torch.FloatStorage": .float32, "torch.DoubleStorage": .float64, "torch.HalfStorage": .float16, "torch.BFloat16Storage": .bfloat16,
        "torch.LongStorage": .int64, "torch.IntStorage": .int32, "torch.ShortStorage": .int16, "torch.CharStorage": .int8,
        "torch.ByteStorage": .uint8, "torch.BoolStorage": .bool,
    ]

    private func global(_ module: String, _ name: String) throws -> PickleValue {
        let whole = module + "." + name
        guard whole == Self.dictionaryType || Self.rebuilders.contains(whole) || Self.storages[whole] != nil else {
            throw fault(
                "names `\(whole.printable)`; only tensors and dictionaries of them are read, and nothing is executed. In PyTorch, "
                    + "torch.save(model.state_dict(), …) writes such a file")
        }
        return .global(whole)
    }

    /// `("storage", type, key, device, count)`.
    private mutating func makeStorage() throws {
        guard case .tuple(let place) = try pop() else { throw fault("has a storage that is none") }
        let parts = pickle.sequences[place]
        guard parts.count == 5, case .text("storage") = parts[0], case .global(let name) = parts[1], let type = Self.storages[name],
              case .text(let key) = parts[2], case .integer(let count) = parts[4], count >= 0
        else { throw fault("has a storage that is none") }
        stack.append(.storage(TorchStorage(key: key, type: type, count: count)))
    }

    private mutating func reduce() throws {
        guard case .tuple(let place) = try pop(), case .global(let name) = try pop() else { throw fault("calls what is no name") }
        let arguments = pickle.sequences[place]
        switch name {
        case Self.dictionaryType:
            guard arguments.isEmpty else { throw fault("makes a dictionary in a way that is not known") }
            stack.append(dictionary())
        case "torch._utils._rebuild_tensor_v2": stack.append(.tensor(try tensor(arguments)))
        case "torch._utils._rebuild_parameter":
            guard let first = arguments.first, case .tensor = first else { throw fault("makes a parameter of what is no tensor") }
            stack.append(first)
        default: throw fault("calls `\(name)`")
        }
    }

    /// storage, offset, shape, strides, and what does not matter here.
    private func tensor(_ arguments: [PickleValue]) throws -> TorchTensor {
        guard arguments.count >= 4, case .storage(let storage) = arguments[0], case .integer(let offset) = arguments[1],
              let shape = integers(arguments[2]), let strides = integers(arguments[3]), shape.count == strides.count, shape.count <= 16, offset >= 0
        else { throw fault("has a tensor that is none") }
        guard let count = elementCount(shape), count <= storage.count else { throw fault("has a tensor of shape \(shape) in a storage of \(storage.count)") }
        var last = offset
        for (extent, stride) in zip(shape, strides) where count > 0 {
            let (reach, overflow) = (extent - 1).multipliedReportingOverflow(by: stride)
            let (sum, carry) = last.addingReportingOverflow(reach)
            guard stride >= 0, !overflow, !carry else { throw fault("has a tensor with strides \(strides)") }
            last = sum
        }
        guard count == 0 || last < storage.count else { throw fault("has a tensor that reaches to number \(last) of a storage of \(storage.count)") }
        return TorchTensor(storage: storage, offset: offset, shape: shape, strides: strides)
    }

    private func integers(_ value: PickleValue) -> [Int]? {
        guard case .tuple(let place) = value else { return nil }
        let values = pickle.sequences[place].compactMap { value in if case .integer(let number) = value { number } else { nil } }
        return values.count == pickle.sequences[place].count ? values : nil
    }

    /// The state of a dictionary (torch's `_metadata`) says nothing of its tensors.
    private mutating func build() throws {
        _ = try pop()
        guard case .dictionary = try top() else { throw fault("sets the state of what is no dictionary") }
    }
}
