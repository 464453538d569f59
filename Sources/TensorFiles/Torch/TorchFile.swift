/// Tensors of a file that `torch.save` wrote: a zip archive with a pickle, which is read and not executed, and a member a storage.
public final class TorchFile {
    public let path: String
    /// Names of all tensors in dictionaries with texts for keys; those of inner dictionaries have the outer keys before them,
    /// with dots. In the file's order.
    public let names: [String]
    private let archive: ZipArchive
    private let members: [String: ZipArchive.Member]
    private let folder: String
    private let tensors: [String: TorchTensor]
    private var last: (storage: TorchStorage, values: [Float])?

    /// How deep dictionaries are looked into.
    private static let depth = 4

    /// - Throws: ``TensorFileError`` when it is no such file, damaged, or holds anything but tensors and plain values.
    public init(path: String) throws {
        self.path = path
        guard try Self.isArchive(path) else {
            throw TensorFileError(
                file: path, "is not a file of torch.save, or of a PyTorch before 1.6: there, torch.save(torch.load(…), …) in a newer one writes it anew")
        }
        let archive = try ZipArchive(path: path)
        self.archive = archive
        let suffix = "/data.pkl"
        guard let description = archive.members.first(where: { $0.name.hasSuffix(suffix) }) else {
            throw TensorFileError(file: path, "is a zip archive without `data.pkl`: no file of torch.save")
        }
        guard description.count <= PickleReader.longest else { throw TensorFileError(file: path, "has a description of \(description.count) bytes") }
        folder = String(description.name.dropLast(suffix.count))
        members = Dictionary(archive.members.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        if let order = members[folder + "/byteorder"], order.count < 100, try archive.bytes(of: order) != Array("little".utf8) {
            throw TensorFileError(file: path, "was written on a big-endian machine, which is not supported")
        }
        let pickle = try PickleReader.read(archive.bytes(of: description), file: path)
        var (names, tensors): ([String], [String: TorchTensor]) = ([], [:])
        // Dictionaries that hold each other end at the depth; their breadth is bounded here.
        var room = 1_000_000
        func gather(_ value: PickleValue, _ prefix: String, _ depth: Int) throws {
            guard case .dictionary(let place) = value, depth < Self.depth else { return }
            for (name, value) in pickle.members(place) {
                room -= 1
                guard room > 0 else { throw TensorFileError(file: path, "holds more than a million entries") }
                if case .tensor(let tensor) = value {
                    if tensors.updateValue(tensor, forKey: prefix + name) == nil { names.append(prefix + name) }
                } else {
                    try gather(value, prefix + name + ".", depth + 1)
                }
            }
        }
        try gather(pickle.top, "", 0)
        guard !tensors.isEmpty else { throw TensorFileError(file: path, "holds no dictionary of tensors") }
        (self.names, self.tensors) = (names, tensors)
    }

    /// Shape of a tensor; nil when there is none of that name.
    public func shape(_ name: String) -> [Int]? { tensors[name]?.shape }

    /// The tensor as f32, whatever type the file stores, row-major.
    public func array(_ name: String) throws -> NamedArray {
        guard let tensor = tensors[name] else { throw TensorFileError(file: path, tensor: name, "is not in the file") }
        let values = try self.values(of: tensor.storage, for: name)
        let count = tensor.shape.reduce(1, *)  // checked by the reader, as all of this
        var result = [Float](repeating: 0, count: count)
        var index = [Int](repeating: 0, count: tensor.shape.count)
        var place = tensor.offset
        for i in 0..<count {
            result[i] = values[place]
            var axis = index.count - 1
            while axis >= 0 {
                index[axis] += 1
                place &+= tensor.strides[axis]
                if index[axis] < tensor.shape[axis] { break }
                place &-= tensor.strides[axis] &* tensor.shape[axis]
                index[axis] = 0
                axis -= 1
            }
        }
        return NamedArray(name: name, shape: tensor.shape, values: result)
    }

    private func values(of storage: TorchStorage, for name: String) throws -> [Float] {
        if let last, last.storage == storage { return last.values }
        guard let member = members["\(folder)/data/\(storage.key)"] else {
            throw TensorFileError(file: path, tensor: name, "its numbers are missing: the archive has no `\(folder.printable)/data/\(storage.key.printable)`")
        }
        let (size, overflow) = storage.count.multipliedReportingOverflow(by: storage.type.size)
        guard !overflow, size == member.count else {
            throw TensorFileError(file: path, tensor: name, "\(storage.count) numbers of \(storage.type.rawValue) were announced; the archive has \(member.count) bytes")
        }
        let values = try archive.bytes(of: member).withUnsafeBytes { storage.type.floats($0) }
        last = (storage, values)
        return values
    }

    /// Zip archives begin with a local header.
    private static func isArchive(_ path: String) throws -> Bool {
        let file = try RandomAccessFile(path: path)
        return try file.count >= 4 && file.bytes(0..<4) == [0x50, 0x4B, 3, 4]
    }
}
