import Foundation

/// A file of TensorBoard's: a TFRecord of `Event` messages, appended as they happen. One that is cut off by a crash is good up to
/// its last whole record.
public final class EventFile {
    public let path: String
    private let file: FileHandle

    /// - Parameters:
    ///   - folder: a run of TensorBoard; its files are read in the order of their names.
    ///   - takingUpAfter: steps that a former file of the folder holds and that count; what it has beyond them is forgotten. Nil
    ///     for the first file.
    ///   - time: now, seconds since 1970.
    /// - Throws: what Foundation says when the file cannot be written.
    public init(folder: String, takingUpAfter steps: Int?, time: Double) throws {
        let host = ProcessInfo.processInfo.hostName.filter { $0.isLetter || $0.isNumber || $0 == "-" }
        // Names sort by their time: two in one second are told apart by a number, and by the process.
        let stem = "\(folder)/events.out.tfevents.\(String(Int(time) + 10_000_000_000).dropFirst()).\(host.isEmpty ? "host" : host).\(getpid())"
        var (name, number) = (stem + ".0", 0)
        while FileManager.default.fileExists(atPath: name) {
            number += 1
            name = "\(stem).\(number)"
        }
        path = name
        try Data().write(to: URL(fileURLWithPath: path))
        file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        var version = ProtobufMessage()
        version.add(1, double: time)
        version.add(3, text: "brain.Event:2")
        try append(version)
        guard let steps else { return }
        var start = ProtobufMessage()
        start.add(1, integer: 1)
        var event = ProtobufMessage()
        event.add(1, double: time)
        event.add(2, integer: steps + 1)
        event.add(7, message: start)
        try append(event)
    }

    deinit { try? file.close() }

    /// Numbers of one step, by their tags.
    public func add(_ scalars: [(tag: String, value: Double)], step: Int, time: Double) throws {
        var summary = ProtobufMessage()
        for (tag, number) in scalars {
            var value = ProtobufMessage()
            value.add(1, text: tag)
            value.add(2, float: Float(number))
            summary.add(1, message: value)
        }
        try append(summary, step: step, time: time)
    }

    /// A text, for the page of that name; Markdown.
    public func add(text: String, tag: String, step: Int, time: Double) throws {
        var plugin = ProtobufMessage()
        plugin.add(1, text: "text")
        var metadata = ProtobufMessage()
        metadata.add(1, message: plugin)
        metadata.add(4, integer: 2)
        var extent = ProtobufMessage()
        extent.add(1, integer: 1)
        var shape = ProtobufMessage()
        shape.add(2, message: extent)
        var tensor = ProtobufMessage()
        tensor.add(1, integer: 7)
        tensor.add(2, message: shape)
        tensor.add(8, text: text)
        var value = ProtobufMessage()
        value.add(1, text: tag)
        value.add(8, message: tensor)
        value.add(9, message: metadata)
        var summary = ProtobufMessage()
        summary.add(1, message: value)
        try append(summary, step: step, time: time)
    }

    private func append(_ summary: ProtobufMessage, step: Int, time: Double) throws {
        var event = ProtobufMessage()
        event.add(1, double: time)
        event.add(2, integer: step)
        event.add(5, message: summary)
        try append(event)
    }

    /// Length, its checksum, the message, its checksum; in one write, so that a reader meets no half of it.
    private func append(_ event: ProtobufMessage) throws {
        let body = event.bytes
        let length = withUnsafeBytes(of: UInt64(body.count).littleEndian, Array.init)
        func checksum(_ bytes: [UInt8]) -> [UInt8] { withUnsafeBytes(of: MaskedCRC.masked(bytes).littleEndian, Array.init) }
        try file.write(contentsOf: length + checksum(length) + body + checksum(body))
    }
}
