/// Cuts a stream of bytes into messages: `Content-Length: N`, an empty line, N bytes (the Language Server Protocol's
/// base protocol).
///
/// What is no header is passed over up to the next empty line, so that one bad message does not end the conversation.
public struct MessageStream {
    /// Longest message that is taken.
    public static let longest = 64 << 20

    private var buffer: [UInt8] = []
    /// Bytes of a message that is too long and still to be passed over.
    private var skipped = 0

    public init() {}

    public mutating func append(_ bytes: some Sequence<UInt8>) { buffer += bytes }

    /// The next whole message; nil until more bytes come.
    public mutating func next() -> [UInt8]? {
        while true {
            if skipped > 0 {
                let count = min(skipped, buffer.count)
                buffer.removeFirst(count)
                skipped -= count
                if skipped > 0 { return nil }
            }
            guard let (header, bodyStart) = header() else { return nil }
            guard let length = Self.contentLength(of: header) else {
                buffer.removeFirst(bodyStart)
                continue
            }
            guard length <= Self.longest else {
                buffer.removeFirst(bodyStart)
                skipped = length
                continue
            }
            guard buffer.count - bodyStart >= length else { return nil }
            let body = Array(buffer[bodyStart..<bodyStart + length])
            buffer.removeFirst(bodyStart + length)
            return body
        }
    }

    /// The lines before the first empty one, and where what follows it starts.
    private mutating func header() -> (lines: ArraySlice<UInt8>, bodyStart: Int)? {
        var index = 0
        while index < buffer.count {
            if buffer[index] == 0x0A {
                let next = index + 1
                if next < buffer.count, buffer[next] == 0x0A { return (buffer[..<index], next + 1) }
                if next + 1 < buffer.count, buffer[next] == 0x0D, buffer[next + 1] == 0x0A { return (buffer[..<index], next + 2) }
            }
            index += 1
        }
        // A header has no end like this; whoever sends it is not speaking the protocol.
        if buffer.count > 1 << 16 { buffer.removeFirst(buffer.count - 4) }
        return nil
    }

    private static func contentLength(of header: ArraySlice<UInt8>) -> Int? {
        for line in String(decoding: header, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "content-length" else { continue }
            guard let length = Int(parts[1].filter { $0 != " " && $0 != "\t" }), length >= 0 else { return nil }
            return length
        }
        return nil
    }

    /// A message as it goes out.
    public static func framed(_ body: [UInt8]) -> [UInt8] { Array("Content-Length: \(body.count)\r\n\r\n".utf8) + body }
}
