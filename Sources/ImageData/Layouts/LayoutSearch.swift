import Foundation

/// Looks for a data set's files in the places where its distributions put them, and remembers where it looked, for the
/// message when nothing fits.
final class LayoutSearch {
    /// The folder that was given.
    let path: String
    /// It, and folders below it that downloads unpack to.
    let bases: [String]
    private var wanted: [String] = []

    /// - Parameter inside: names of folders that the data set may lie in, relative to `path`.
    init(path: String, inside: [String]) {
        self.path = path
        bases = [path] + inside.map { path + "/" + $0 }.filter(ClassFolder.isFolder)
    }

    /// The first of the files that is there, in any base.
    /// - Parameter names: relative to a base, in order of preference.
    func file(_ names: [String], in base: String) -> String? {
        names.lazy.map { base + "/" + $0 }.first(where: Self.isFile)
    }

    func folder(_ names: [String], in base: String) -> String? {
        names.lazy.map { $0.isEmpty ? base : base + "/" + $0 }.first(where: ClassFolder.isFolder)
    }

    /// Tries a layout in every base: the first listing that `find` gives. Remembers `what` was looked for otherwise.
    func first(_ what: String, _ find: (_ base: String) throws -> ImageListing?) rethrows -> ImageListing? {
        wanted.append(what)
        for base in bases { if let found = try find(base) { return found } }
        return nil
    }

    /// That none fits, with what was looked for and where, and what is there.
    func nothing(of title: String) -> DatasetError {
        let there = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).filter { !$0.hasPrefix(".") }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let seen = there.isEmpty ? "it is empty" : "there is " + there.prefix(6).joined(separator: ", ") + (there.count > 6 ? " and \(there.count - 6) more" : "")
        return DatasetError(
            dataset: path, reason: "holds no \(title) in a form that is known (\(seen))",
            help: "looked in \(bases.joined(separator: ", ")) for " + wanted.joined(separator: "; or "))
    }

    private static func isFile(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && !isDirectory.boolValue
    }
}
