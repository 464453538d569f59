public import Foundation

/// A file of the repository that is written from the catalog.
public struct GeneratedFile: Sendable {
    /// From the root of the repository.
    public let path: String
    public let text: String
}

/// Every file that generate-vptsp writes, and the repository that holds them.
public struct GeneratedFiles {
    private let root: URL
    private let files: [GeneratedFile]

    /// - Parameters:
    ///   - root: of the repository.
    ///   - program: what the command line takes, for the manual page.
    public init(root: URL, program: ProgramDescription) {
        self.root = root
        files = ReferencePages.all() + [TextMateGrammar.file(), VimSyntax.file(), ManualPage.file(program)]
    }

    /// Paths of files that are missing, differ, or should not be there.
    public func stale() -> [String] { (differing().map(\.path) + leftOver()).sorted() }

    /// Writes what is stale, and removes pages of commands that are no more.
    public func write() throws {
        for file in differing() {
            let url = root.appendingPathComponent(file.path)
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(file.text.utf8).write(to: url, options: .atomic)
        }
        for path in leftOver() { try FileManager.default.removeItem(at: root.appendingPathComponent(path)) }
    }

    private func differing() -> [GeneratedFile] {
        files.filter { (try? Data(contentsOf: root.appendingPathComponent($0.path))) != Data($0.text.utf8) }
    }

    /// The folder of the reference holds nothing else.
    private func leftOver() -> [String] {
        let paths = Set(files.map(\.path))
        let folder = root.appendingPathComponent(ReferencePages.folder).path
        let present = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return present.map { "\(ReferencePages.folder)/\($0)" }.filter { $0.hasSuffix(".md") && !paths.contains($0) }
    }
}
