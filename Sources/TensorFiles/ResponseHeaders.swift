/// The headers of the answer that is arriving, as far as a download needs them.
struct ResponseHeaders {
    private(set) var status = 0
    private var fields: [String: String] = [:]

    /// Takes one line in; a status line starts a new answer.
    mutating func add(line: String) {
        let line = line.trimmed
        if line.lowercased().hasPrefix("http/") {
            fields = [:]
            let words = line.split(separator: " ")
            status = words.count > 1 ? Int(words[1]) ?? 0 : 0
        } else if let colon = line.firstIndex(of: ":") {
            fields[line[..<colon].lowercased()] = String(line[line.index(after: colon)...]).trimmed
        }
    }

    /// The body's length, unless it travels compressed or unannounced.
    var length: Int? { fields["content-length"].flatMap(Int.init).flatMap { $0 >= 0 ? $0 : nil } }

    /// Names the version of the file; a weak tag does not promise equal bytes.
    var version: String? { fields["etag"].flatMap { $0.hasPrefix("W/") ? nil : $0 } }

    /// The SHA-256 by which the Hugging Face hub names a large file.
    var linkedDigest: String? {
        guard let tag = fields["x-linked-etag"]?.filter({ $0 != "\"" }).lowercased(), SHA256.isDigest(tag) else { return nil }
        return tag
    }

    /// `Content-Range: bytes start-end/total` or `bytes */total`.
    var rangeStart: Int? { range.flatMap { Int($0.span.prefix { $0 != "-" }) } }
    var rangeTotal: Int? { range.flatMap { Int($0.total) } }

    private var range: (span: Substring, total: Substring)? {
        guard let text = fields["content-range"], text.lowercased().hasPrefix("bytes ") else { return nil }
        let parts = text.dropFirst(6).split(separator: "/")
        return parts.count == 2 ? (parts[0], parts[1]) : nil
    }
}

extension String {
    /// Without white space at both ends.
    fileprivate var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
