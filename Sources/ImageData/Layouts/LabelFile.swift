import Foundation

/// A text file of one entry a line, as data sets come with. LF and CRLF end a line; a byte order mark does not count.
struct LabelFile {
    /// One line that is not blank.
    struct Line {
        let file: String
        /// From 1.
        let number: Int
        let bytes: ArraySlice<UInt8>

        /// What messages call the place: `Ebay_train.txt:17`, with the file's whole path.
        var place: String { "\(file):\(number)" }
        var text: String { String(decoding: bytes, as: UTF8.self) }

        /// The parts between spaces and tabs; the last of `count` takes the rest of the line, spaces and all.
        /// - Throws: ``DatasetError`` that says what a line holds, when there are fewer.
        func fields(_ count: Int, _ meaning: String) throws -> [String] {
            let parts = bytes.split(maxSplits: count - 1, whereSeparator: Self.isSpace).map { part in
                String(decoding: part.drop(while: Self.isSpace), as: UTF8.self)
            }
            guard parts.count == count, parts.last?.isEmpty == false else {
                throw fault("has \(parts.count) of \(count) parts: `\(text.shortened)`", help: "a line holds \(meaning)")
            }
            return parts
        }

        /// A whole number from 1 on.
        func positive(_ text: String, _ what: String) throws -> Int {
            guard text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }), let value = Int(text), value >= 1 else {
                throw fault("`\(text.shortened)` is no \(what); they are whole numbers from 1 on")
            }
            return value
        }

        func fault(_ reason: String, help: String? = nil) -> DatasetError { DatasetError(dataset: place, reason: reason, help: help) }

        static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    }

    let path: String
    /// Without a byte order mark.
    let bytes: [UInt8]

    /// - Throws: ``ImageError`` for a file that cannot be read, ``DatasetError`` for one that is no text in UTF-8.
    init(path: String) throws {
        var bytes = try FileBytes.contents(path: path)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        guard String(validating: bytes, as: UTF8.self) != nil, !bytes.contains(0) else {
            throw DatasetError(dataset: path, reason: "is not a text file in UTF-8")
        }
        self.path = path
        self.bytes = bytes
    }

    /// Calls `body` with each line that is not blank. A file without any is an error.
    func forEachLine(_ body: (Line) throws -> Void) throws {
        var number = 0
        var found = false
        for var line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            number += 1
            while let last = line.last, last == 0x0D || Line.isSpace(last) { line.removeLast() }
            line = line.drop(while: Line.isSpace)
            guard !line.isEmpty else { continue }
            found = true
            try body(Line(file: path, number: number, bytes: line))
        }
        guard found else { throw DatasetError(dataset: path, reason: "is empty") }
    }
}

extension String {
    /// For messages: at most 60 characters of a foreign text, control characters replaced.
    var shortened: String {
        let clean = String(unicodeScalars.prefix(61).map { $0.properties.generalCategory == .control ? "\u{FFFD}" : Character($0) })
        return clean.count > 60 ? clean.prefix(57) + "..." : clean
    }
}
