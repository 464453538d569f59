/// NumPy's archives of arrays (`.npz`): a zip of `.npy` members, stored or deflated.
public final class NPZFile: Sendable {
    public let path: String
    /// Names without `.npy`, in order of their UTF-8 bytes.
    public let names: [String]
    private let archive: ZipArchive
    private let members: [String: ZipArchive.Member]

    /// - Throws: ``TensorFileError`` when the file is no zip archive.
    public init(path: String) throws {
        archive = try ZipArchive(path: path)
        self.path = path
        var members: [String: ZipArchive.Member] = [:]
        for member in archive.members where member.name.hasSuffix(".npy") { members[String(member.name.dropLast(4))] = member }
        self.members = members
        names = members.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The array as f32.
    public func array(_ name: String) throws -> NamedArray {
        guard let member = members[name] else { throw TensorFileError(file: path, tensor: name, "is not in the archive") }
        do {
            return try NPY.decode(try archive.bytes(of: member), name: name)
        } catch let error as TensorFileError where error.file == name {  // the array's own fault: say which archive it is in
            throw TensorFileError(file: path, tensor: name, error.message)
        }
    }
}
