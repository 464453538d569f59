internal import Foundation

/// A server of the Language Server Protocol (3.17) for .vps scripts.
///
/// It answers one message after the other; every message gets an answer that the protocol knows, malformed ones too.
public struct LanguageServer {
    /// The end of the conversation, with the program's exit status.
    public struct Exit: Error {
        public let status: Int32
    }

    /// Codes of the protocol.
    private enum Failure: Int {
        case parse = -32700, invalidRequest = -32600, unknownMethod = -32601, invalidParameters = -32602
        case notInitialized = -32002, requestFailed = -32803
    }

    private struct Refused: Error {
        var failure: Failure
        var message: String
    }

    private enum Stage { case new, running, shutDown }

    private var stage = Stage.new
    private var workspace = Workspace()

    public init() {}

    /// Answers a message.
    ///
    /// - Parameter body: the message without its header.
    /// - Returns: the messages to send, without headers.
    /// - Throws: ``Exit`` after `exit`.
    public mutating func answers(to body: [UInt8]) throws(Exit) -> [[UInt8]] {
        guard let message = JSON(parsing: body) else {
            return [Self.error(.null, Refused(failure: .parse, message: "this is not JSON")).bytes]
        }
        guard let method = message["method"].string else {
            // An answer to a request of ours would have no method; there are none.
            let isAnswer = message["result"] != .null || message["error"] != .null
            return isAnswer ? [] : [Self.error(message["id"], Refused(failure: .invalidRequest, message: "no method")).bytes]
        }
        if method == "exit" { throw Exit(status: stage == .shutDown ? 0 : 1) }
        let id = message["id"]
        guard id != .null else { return notified(method, message["params"]).map(\.bytes) }
        do {
            return [["jsonrpc": "2.0", "id": id, "result": try result(of: method, message["params"])] as JSON].map(\.bytes)
        } catch let refused as Refused {
            return [Self.error(id, refused).bytes]
        } catch {
            return [Self.error(id, Refused(failure: .requestFailed, message: "\(error)")).bytes]
        }
    }

    private static func error(_ id: JSON, _ refused: Refused) -> JSON {
        [
            "jsonrpc": "2.0", "id": id,
            "error": ["code": .number(Double(refused.failure.rawValue)), "message": .string(refused.message)],
        ]
    }

    // MARK: Notifications

    private mutating func notified(_ method: String, _ parameters: JSON) -> [JSON] {
        guard stage == .running else { return [] }
        let identifier = parameters["textDocument"]
        switch method {
        case "textDocument/didOpen":
            guard let uri = identifier["uri"].string, let text = identifier["text"].string else { return [] }
            workspace.set(Document(uri: uri, text: Array(text.utf8)))
        case "textDocument/didChange":
            guard let uri = identifier["uri"].string, let document = workspace.open[uri] else { return [] }
            workspace.set(document.changed(by: parameters["contentChanges"].array ?? []))
        case "textDocument/didClose":
            guard let uri = identifier["uri"].string, workspace.open[uri] != nil else { return [] }
            workspace.close(uri)
            return [Self.publish(uri, [])] + problems()
        case "textDocument/didSave": break
        default: return []
        }
        return problems()
    }

    /// Of every open script: what one says may depend on another.
    private func problems() -> [JSON] {
        workspace.open.values.sorted { $0.uri < $1.uri }.map { document in
            Self.publish(document.uri, Problems(workspace: workspace).diagnostics(of: document))
        }
    }

    private static func publish(_ uri: String, _ diagnostics: JSON) -> JSON {
        [
            "jsonrpc": "2.0", "method": "textDocument/publishDiagnostics",
            "params": ["uri": .string(uri), "diagnostics": diagnostics],
        ]
    }

    // MARK: Requests

    private mutating func result(of method: String, _ parameters: JSON) throws -> JSON {
        if method == "initialize" {
            guard stage == .new else { throw Refused(failure: .invalidRequest, message: "initialized already") }
            stage = .running
            return Self.capabilities
        }
        guard stage != .new else { throw Refused(failure: .notInitialized, message: "`initialize` comes first") }
        guard stage == .running else { throw Refused(failure: .invalidRequest, message: "the server is shut down") }
        if method == "shutdown" {
            stage = .shutDown
            return .null
        }
        guard let answer = Self.answerers[method] else {
            throw Refused(failure: .unknownMethod, message: "`\(method)` is not known")
        }
        guard let uri = parameters["textDocument"]["uri"].string, let document = workspace.open[uri] else {
            throw Refused(failure: .invalidParameters, message: "no open document is named")
        }
        do {
            return try answer(Request(workspace: workspace, document: document, parameters: parameters))
        } catch let refusal as Naming.Refusal {
            throw Refused(failure: .requestFailed, message: refusal.reason)
        } catch is Request.NoPosition {
            throw Refused(failure: .invalidParameters, message: "no position is given")
        }
    }

    private struct Request {
        struct NoPosition: Error {}

        let workspace: Workspace
        let document: Document
        let parameters: JSON

        /// UTF-8 offset of the position.
        func offset() throws -> Int {
            guard let offset = document.places.offset(of: parameters["position"]) else { throw NoPosition() }
            return offset
        }

        var writing: Writing { Writing(workspace: workspace, document: document) }
        var naming: Naming { Naming(workspace: workspace, document: document) }
        var outline: Outline { Outline(document: document) }
    }

    private static let answerers: [String: @Sendable (Request) throws -> JSON] = [
        "textDocument/completion": { try $0.writing.completion(at: $0.offset()) },
        "textDocument/signatureHelp": { try $0.writing.signature(at: $0.offset()) },
        "textDocument/hover": { try $0.writing.hover(at: $0.offset()) },
        "textDocument/definition": { try $0.naming.definitions(at: $0.offset()) },
        "textDocument/references": {
            try $0.naming.references(at: $0.offset(), withDefinitions: $0.parameters["context"]["includeDeclaration"] != false)
        },
        "textDocument/documentHighlight": { try $0.naming.highlights(at: $0.offset()) },
        "textDocument/prepareRename": { try $0.naming.renamed(at: $0.offset()) },
        "textDocument/rename": { request in
            guard let name = request.parameters["newName"].string else { throw Request.NoPosition() }
            return try request.naming.rename(at: request.offset(), to: name)
        },
        "textDocument/formatting": { $0.outline.formatting() },
        "textDocument/foldingRange": { $0.outline.folds() },
        "textDocument/documentSymbol": { $0.outline.symbols() },
    ]

    private static let capabilities: JSON = [
        "capabilities": [
            "positionEncoding": "utf-16",
            "textDocumentSync": ["openClose": true, "change": 2, "save": true],
            "completionProvider": ["triggerCharacters": [" ", "=", "$", ".", "\"", "/"]],
            "signatureHelpProvider": ["triggerCharacters": [" ", "(", ","], "retriggerCharacters": ["="]],
            "hoverProvider": true,
            "definitionProvider": true,
            "referencesProvider": true,
            "documentHighlightProvider": true,
            "renameProvider": ["prepareProvider": true],
            "documentFormattingProvider": true,
            "foldingRangeProvider": true,
            "documentSymbolProvider": true,
        ],
        "serverInfo": ["name": "vptsp"],
    ]
}
