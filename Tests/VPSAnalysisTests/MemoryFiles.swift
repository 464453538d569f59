import VPSAnalysis

/// Files that exist only in a test.
struct MemoryFiles: FileAccess {
    struct Missing: Error {}

    var texts: [String: String] = [:]
    var folders: Set<String> = []

    func kind(of path: String) -> FileKind? {
        texts[path] != nil ? .file : folders.contains(path) ? .folder : nil
    }

    func contents(of path: String) throws -> [UInt8] {
        guard let text = texts[path] else { throw Missing() }
        return Array(text.utf8)
    }

    func names(in folder: String) -> [String] {
        (Array(texts.keys) + Array(folders)).filter { PathText.folder(of: $0) == folder }.map(PathText.name).sorted()
    }
}
