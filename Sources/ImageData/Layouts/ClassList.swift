/// A text file of class names, one a line.
enum ClassList {
    /// Names in the order of the file. Blank lines and lines that begin with `#` do not count; a trailing `/` is dropped.
    static func read(path: String) throws -> [String] {
        var names: [String] = []
        var seen: Set<ExactText> = []
        try LabelFile(path: path).forEachLine { line in
            var name = line.text
            if name.hasSuffix("/") { name.removeLast() }
            guard !name.isEmpty, !name.hasPrefix("#") else { return }
            guard seen.insert(ExactText(name)).inserted else { throw line.fault("names class `\(name.shortened)` a second time") }
            names.append(name)
        }
        guard !names.isEmpty else { throw DatasetError(dataset: path, reason: "names no class") }
        return names
    }
}
