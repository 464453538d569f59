import LanguageServer

/// Talks to a server in this process, as an editor would.
struct Conversation {
    var server = LanguageServer()
    private var lastID = 0
    /// The newest diagnostics of each script.
    private(set) var published: [String: [JSON]] = [:]

    init() {
        _ = request("initialize", ["capabilities": [:]])
        notify("initialized", [:])
    }

    /// The whole answer.
    mutating func answer(to method: String, _ parameters: JSON) -> JSON {
        lastID += 1
        let id = JSON.number(Double(lastID))
        let message: JSON = ["jsonrpc": "2.0", "id": id, "method": .string(method), "params": parameters]
        return send(message).first { $0["id"] == id } ?? .null
    }

    mutating func request(_ method: String, _ parameters: JSON) -> JSON { answer(to: method, parameters)["result"] }

    mutating func notify(_ method: String, _ parameters: JSON) {
        _ = send(["jsonrpc": "2.0", "method": .string(method), "params": parameters])
    }

    private mutating func send(_ message: JSON) -> [JSON] {
        let answers = ((try? server.answers(to: message.bytes)) ?? []).compactMap { JSON(parsing: $0) }
        for answer in answers where answer["method"] == "textDocument/publishDiagnostics" {
            published[answer["params"]["uri"].string ?? ""] = answer["params"]["diagnostics"].array
        }
        return answers
    }

    // MARK: Scripts

    mutating func open(_ text: String, _ uri: String = "file:///nowhere/a.vps") {
        notify("textDocument/didOpen", ["textDocument": ["uri": .string(uri), "languageId": "vps", "version": 1, "text": .string(text)]])
    }

    /// Asks at `|` in the text, which is opened without it.
    mutating func ask(_ method: String, _ text: String, _ more: [String: JSON] = [:], uri: String = "file:///nowhere/a.vps") -> JSON {
        let parts = text.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
        open(parts.joined(), uri)
        let before = parts[0].split(separator: "\n", omittingEmptySubsequences: false)
        let position: JSON = [
            "line": .number(Double(before.count - 1)), "character": .number(Double(before.last?.utf16.count ?? 0)),
        ]
        return request(method, .object(more.merging(["textDocument": ["uri": .string(uri)], "position": position]) { $1 }))
    }
}

/// `1:4-1:9`, lines and UTF-16 units from 0.
func text(of range: JSON) -> String {
    func place(_ position: JSON) -> String { "\(position["line"].integer ?? -1):\(position["character"].integer ?? -1)" }
    return "\(place(range["start"]))-\(place(range["end"]))"
}

/// The text after the edits of one script.
func applied(_ edits: JSON, to text: String) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.utf16) }
    for edit in (edits.array ?? []).reversed() {
        let (start, end) = (edit["range"]["start"], edit["range"]["end"])
        guard let line = start["line"].integer, line == end["line"].integer, let from = start["character"].integer,
            let to = end["character"].integer
        else { continue }
        lines[line].replaceSubrange(from..<to, with: Array((edit["newText"].string ?? "").utf16))
    }
    return lines.map { String(decoding: $0, as: UTF16.self) }.joined(separator: "\n")
}
