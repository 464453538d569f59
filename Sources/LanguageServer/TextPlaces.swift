import Diagnostics

/// Places in a text as the protocol counts them: lines from 0, and UTF-16 code units from 0.
struct TextPlaces {
    let file: SourceFile

    init(_ text: [UInt8]) {
        file = SourceFile(name: "", text: text)
    }

    /// - Parameter offset: UTF-8; one outside the text is taken as its end.
    func position(of offset: Int) -> JSON {
        let offset = min(max(offset, 0), file.text.count)
        let line = file.line(of: offset)
        let start = file.bounds(ofLine: line).lowerBound
        let units = String(decoding: file.text[min(start, offset)..<offset], as: UTF8.self).utf16.count
        return ["line": .number(Double(line - 1)), "character": .number(Double(units))]
    }

    func range(_ span: SourceSpan) -> JSON {
        ["start": position(of: span.lower), "end": position(of: span.upper)]
    }

    /// A place behind the end of its line is taken as that end, one inside a surrogate pair as its start.
    ///
    /// - Returns: nil when it is no position.
    func offset(of position: JSON) -> Int? {
        guard let line = position["line"].integer, let character = position["character"].integer, line >= 0, character >= 0 else {
            return nil
        }
        guard line < file.lineCount else { return file.text.count }
        let bounds = file.bounds(ofLine: line + 1)
        var offset = bounds.lowerBound
        var units = 0
        for scalar in String(decoding: file.text[bounds], as: UTF8.self).unicodeScalars {
            units += scalar.utf16.count
            if units > character { break }
            offset += scalar.utf8.count
        }
        return min(offset, bounds.upperBound)
    }

    func offsets(of range: JSON) -> Range<Int>? {
        guard let lower = offset(of: range["start"]), let upper = offset(of: range["end"]) else { return nil }
        return lower..<max(lower, upper)
    }
}

extension SourceFile {
    /// Offset of the first byte of the line that holds another one.
    func lineStart(of offset: Int) -> Int { bounds(ofLine: line(of: offset)).lowerBound }
}
