import LanguageServer
import Testing

@Suite struct ProtocolTests {
    private func code(_ server: inout LanguageServer, _ message: String) throws -> Int? {
        let answers = try server.answers(to: Array(message.utf8))
        return answers.first.flatMap { JSON(parsing: $0) }?["error"]["code"].integer
    }

    @Test func badMessagesAreAnswered() throws {
        var server = LanguageServer()
        #expect(try code(&server, "{") == -32700)
        #expect(try code(&server, "[]") == -32600)
        #expect(try code(&server, #"{"id":1}"#) == -32600)
        #expect(try code(&server, #"{"id":1,"method":"textDocument/hover"}"#) == -32002)
        #expect(try code(&server, #"{"id":1,"method":"initialize","params":{}}"#) == nil)
        #expect(try code(&server, #"{"id":1,"method":"initialize","params":{}}"#) == -32600)
        #expect(try code(&server, #"{"id":1,"method":"textDocument/nothing"}"#) == -32601)
        #expect(try code(&server, #"{"id":1,"method":"textDocument/hover","params":{}}"#) == -32602)
        #expect(try server.answers(to: Array(#"{"method":"textDocument/nothing"}"#.utf8)).isEmpty)
        #expect(try server.answers(to: Array(#"{"id":9,"result":{}}"#.utf8)).isEmpty)
        let deep = String(repeating: "[", count: 100_000)
        #expect(try code(&server, deep) == -32700)
        #expect(try code(&server, #"{"id":1,"method":"shutdown"}"#) == nil)
        #expect(try code(&server, #"{"id":1,"method":"textDocument/hover"}"#) == -32600)
        let exit = #expect(throws: LanguageServer.Exit.self) { try server.answers(to: Array(#"{"method":"exit"}"#.utf8)) }
        #expect(exit?.status == 0)
    }

    @Test func streamsAreCutIntoMessages() {
        var stream = MessageStream()
        stream.append(Array("Content-Length: 2\r\n\r\nabcontent-length:  1\nX: y\n\nc".utf8))
        #expect(stream.next().map { String(decoding: $0, as: UTF8.self) } == "ab")
        #expect(stream.next().map { String(decoding: $0, as: UTF8.self) } == "c")
        #expect(stream.next() == nil)
        stream.append(Array("Content-Length: -7\r\n\r\nContent-Length: 99999999999999999999\r\n\r\nrubbish\r\n\r\n".utf8))
        #expect(stream.next() == nil)
        stream.append(Array("Content-Length: 1\r\n\r\nd".utf8))
        #expect(stream.next().map { String(decoding: $0, as: UTF8.self) } == "d")
        stream.append(Array("Content-Length: 70000000\r\n\r\n".utf8))
        stream.append(Array(repeating: UInt8(0x20), count: 70_000_000))
        stream.append(Array("Content-Length: 1\r\n\r\ne".utf8))
        #expect(stream.next().map { String(decoding: $0, as: UTF8.self) } == "e")
    }

    /// Changed messages of a good conversation are answered, never a trap.
    @Test func mutatedConversationsEndInAnswers() {
        let uri = "file:///nowhere/a.vps"
        let script = #"let a = \"犬🐕 {$b:.3}\"\ndef f(x, y=2) {\n print $x }\nf 1 y=$a\neval recall=[1] -> r # 🐕"#
        let messages = [
            #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#,
            #"{"method":"textDocument/didOpen","params":{"textDocument":{"uri":"\#(uri)","text":"\#(script)"}}}"#,
            #"{"method":"textDocument/didChange","params":{"textDocument":{"uri":"\#(uri)"},"contentChanges":[{"range":{"start":{"line":0,"character":3},"end":{"line":2,"character":1}},"text":"x"}]}}"#,
        ] + [
            "completion", "signatureHelp", "hover", "definition", "references", "documentHighlight", "prepareRename", "rename",
            "formatting", "foldingRange", "documentSymbol",
        ].map {
            #"{"id":2,"method":"textDocument/\#($0)","params":{"textDocument":{"uri":"\#(uri)"},"position":{"line":1,"character":5},"newName":"b"}}"#
        }
        var random = SplitMix(state: 20_240_502)
        var answered = 0
        for _ in 0..<150 {
            var server = LanguageServer()
            for message in messages {
                var bytes = Array(message.utf8)
                for _ in 0..<Int(random.next() % 3) where !bytes.isEmpty {
                    let place = Int(random.next() % UInt64(bytes.count))
                    switch random.next() % 4 {
                    case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
                    case 1: bytes.remove(at: place)
                    case 2: bytes.insert(Array("0123456789-\"{}[],:|$é\\n".utf8)[Int(random.next() % 22)], at: place)
                    default: bytes.removeSubrange(place..<min(bytes.count, place + Int(random.next() % 9)))
                    }
                }
                answered += (try? server.answers(to: bytes))?.count ?? 0
            }
        }
        #expect(answered > 300)
    }
}

/// The same numbers on every machine.
private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
