/// A table of texts separated by commas (RFC 4180): fields may stand in quotes, quotes in them are doubled, a quoted field may
/// run over several lines. A byte order mark and CR before LF do not count.
struct CommaSeparated {
    struct Row {
        /// The line that it begins in, from 1.
        let line: Int
        let fields: [String]
    }

    let path: String
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1

    init(path: String) throws {
        self.path = path
        bytes = try LabelFile(path: path).bytes
    }

    /// The next row that is not blank; nil at the end.
    /// - Throws: ``DatasetError`` for a quote that is not closed, or that is followed by more than a comma.
    mutating func next() throws -> Row? {
        while position < bytes.count {
            let start = line
            let fields = try row()
            if fields != [""] { return Row(line: start, fields: fields) }
        }
        return nil
    }

    private mutating func row() throws -> [String] {
        var fields: [String] = []
        while true {
            fields.append(try field())
            guard position < bytes.count else { return fields }
            position += 1  // over the comma or the end of the line
            if bytes[position - 1] == 0x0A {
                line += 1
                return fields
            }
        }
    }

    /// Ends before a comma, before the end of a line, or at the end.
    private mutating func field() throws -> String {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
            let start = position
            while position < bytes.count, bytes[position] != UInt8(ascii: ","), bytes[position] != 0x0A { position += 1 }
            var text = bytes[start..<position]
            while let last = text.last, last == 0x0D || LabelFile.Line.isSpace(last) { text.removeLast() }
            return String(decoding: text.drop(while: LabelFile.Line.isSpace), as: UTF8.self)
        }
        return try quoted()
    }

    private mutating func quoted() throws -> String {
        let start = line
        var text: [UInt8] = []
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == 0x0A { line += 1 }
            guard byte == UInt8(ascii: "\"") else {
                text.append(byte)
                continue
            }
            if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
                text.append(byte)
                position += 1
                continue
            }
            if position < bytes.count, bytes[position] == 0x0D { position += 1 }
            guard position == bytes.count || bytes[position] == UInt8(ascii: ",") || bytes[position] == 0x0A else {
                throw DatasetError(dataset: "\(path):\(line)", reason: "something follows a closing quote", help: "a quote inside a quoted field is written twice")
            }
            return String(decoding: text, as: UTF8.self)
        }
        throw DatasetError(dataset: "\(path):\(start)", reason: "a quote is opened here and never closed")
    }
}
