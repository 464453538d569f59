/// A text file of class names, one a line.
enum ClassList {
    /// Names in the order of the file. Blank lines and lines that begin with `#` do not count; a trailing `/` is dropped.
    static func read(path: String) throws -> [String] {
        let bytes = try FileBytes.contents(path: path)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw DatasetError(dataset: path, reason: "is not a text file in UTF-8")
        }
        var names: [String] = []
        var seen: Set<String> = []
        for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            var name = line.trimmingSpaces
            if name.hasSuffix("/") { name.removeLast() }
            guard !name.isEmpty, !name.hasPrefix("#") else { continue }
            guard seen.insert(String(name)).inserted else {
                throw DatasetError(dataset: path, reason: "line \(number + 1) names class `\(name)` a second time")
            }
            names.append(String(name))
        }
        guard !names.isEmpty else { throw DatasetError(dataset: path, reason: "names no class") }
        return names
    }
}

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        var text = self
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
