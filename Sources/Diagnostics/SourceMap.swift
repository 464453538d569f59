/// One file of source text, or one piece typed at the prompt.
public struct SourceFile: Sendable {
    /// As shown to the user: a path as given, or `<input>`.
    public let name: String
    public let text: [UInt8]
    /// Offsets at which lines start; the first is 0.
    private let lineStarts: [Int]
    /// In lines that are long: places between two ASCII characters, and how many characters of the line stand before them.
    /// Many places of one line are then found in the time of few.
    private let milestones: [(offset: Int, characters: Int)]
    private static let longLine = 8_192

    public init(name: String, text: [UInt8]) {
        self.name = name
        self.text = text
        var starts = [0]
        for (offset, byte) in text.enumerated() where byte == 0x0A { starts.append(offset + 1) }
        lineStarts = starts
        var milestones: [(offset: Int, characters: Int)] = []
        for (start, end) in zip(starts, starts.dropFirst() + [text.count]) {
            var (last, characters) = (start, 0)
            while end - last > Self.longLine {
                var next = last + Self.longLine
                while next < end, text[next] >= 0x80 || text[next - 1] >= 0x80 || text[next] == 0x0A { next += 1 }
                characters += Self.count(of: text[last..<next])
                milestones.append((next, characters))
                last = next
            }
        }
        self.milestones = milestones
    }

    /// Characters of a stretch of one line.
    private static func count(of bytes: ArraySlice<UInt8>) -> Int {
        bytes.allSatisfy { $0 < 0x80 } ? bytes.count : String(decoding: bytes, as: UTF8.self).count
    }

    /// At least 1.
    public var lineCount: Int { lineStarts.count }

    /// Line of a byte, from 1. An offset outside the text belongs to the first or last line.
    public func line(of offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return low + 1
    }

    /// Column of a byte, from 1, counted in characters.
    public func column(of offset: Int) -> Int {
        let start = lineStarts[line(of: offset) - 1]
        let end = min(max(offset, start), text.count)
        var (low, high) = (0, milestones.count)
        while low < high {
            let middle = (low + high) / 2
            if milestones[middle].offset <= end { low = middle + 1 } else { high = middle }
        }
        guard low > 0, milestones[low - 1].offset > start else { return Self.count(of: text[start..<end]) + 1 }
        return milestones[low - 1].characters + Self.count(of: text[milestones[low - 1].offset..<end]) + 1
    }

    /// Bytes of a line (from 1) without its end of line; an empty range at the end for a line that is not there.
    public func bounds(ofLine line: Int) -> Range<Int> {
        guard line >= 1, line <= lineStarts.count else { return text.count..<text.count }
        let start = lineStarts[line - 1]
        var end = line < lineStarts.count ? lineStarts[line] - 1 : text.count
        if end > start, text[end - 1] == 0x0D { end -= 1 }
        return start..<end
    }
}

/// The files of one analysis or session; a span names its file by its index here.
public struct SourceMap: Sendable {
    public private(set) var files: [SourceFile] = []

    public init() {}

    /// Index of the new file.
    @discardableResult
    public mutating func add(name: String, text: [UInt8]) -> Int {
        files.append(SourceFile(name: name, text: text))
        return files.count - 1
    }

    /// Nil for an index that no `add` returned.
    public subscript(_ index: Int) -> SourceFile? {
        files.indices.contains(index) ? files[index] : nil
    }

    /// `ablation.vps:7:13`.
    public func place(of span: SourceSpan) -> String? {
        guard let file = self[span.file] else { return nil }
        return "\(file.name):\(file.line(of: span.lower)):\(file.column(of: span.lower))"
    }

    /// The text under a span.
    public func text(of span: SourceSpan) -> String? {
        guard let file = self[span.file] else { return nil }
        let lower = min(max(span.lower, 0), file.text.count)
        let upper = min(max(span.upper, lower), file.text.count)
        return String(decoding: file.text[lower..<upper], as: UTF8.self)
    }
}
