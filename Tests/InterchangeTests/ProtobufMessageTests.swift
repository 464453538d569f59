import Foundation
import Interchange
import Testing

@Suite struct ProtobufMessageTests {
    /// The examples of the format's own documentation.
    @Test func bytesAreThoseOfTheWireFormat() {
        var message = ProtobufMessage()
        message.add(1, unsigned: 150)
        #expect(message.bytes == [0x08, 0x96, 0x01])
        message = ProtobufMessage()
        message.add(2, text: "testing")
        #expect(message.bytes == [0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6E, 0x67])
        var outer = ProtobufMessage()
        var inner = ProtobufMessage()
        inner.add(1, unsigned: 150)
        outer.add(3, message: inner)
        #expect(outer.bytes == [0x1A, 0x03, 0x08, 0x96, 0x01])
    }

    @Test func numbersOfEveryKind() {
        var message = ProtobufMessage()
        message.add(16, integer: -1)
        message.add(1, float: 1)
        message.add(1, double: 1)
        message.add(1, raw: [1, -2])
        let expected: [UInt8] = [0x80, 0x01] + Array(repeating: 0xFF, count: 9) + [0x01]
            + [0x0D, 0, 0, 0x80, 0x3F] + [0x09, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F] + [0x0A, 8, 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]
        #expect(message.bytes == expected)
        #expect(message.count == expected.count)
    }

    @Test func fileHoldsTheSameBytes() throws {
        var inner = ProtobufMessage()
        inner.add(9, raw: (0..<300).map(Float.init))
        var message = ProtobufMessage()
        message.add(5, message: inner)
        message.add(2, text: "after")
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("message-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try message.write(to: file.path)
        #expect(try Array(Data(contentsOf: file)) == message.bytes)
    }
}
