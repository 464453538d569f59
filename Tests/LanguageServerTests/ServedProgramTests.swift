import Foundation
import LanguageServer
import Testing

/// The program itself: a scripted client over its standard streams, and Neovim.
@Suite(.serialized) struct ServedProgramTests {
    private static let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("vptsp").path

    private static func onPath(_ name: String) -> String? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    @Test func aScriptedClient() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.program)
        process.arguments = ["lsp", "--stdio"]
        let input = Pipe(), output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var stream = MessageStream()
        func send(_ text: String) throws { try input.fileHandleForWriting.write(contentsOf: Data(text.utf8)) }
        func send(_ message: JSON) throws {
            try input.fileHandleForWriting.write(contentsOf: Data(MessageStream.framed(message.bytes)))
        }
        func receive() throws -> JSON {
            while true {
                if let message = stream.next() { return try #require(JSON(parsing: message)) }
                let bytes = output.fileHandleForReading.availableData
                try #require(!bytes.isEmpty, "the server has left")
                stream.append(bytes)
            }
        }

        try send(["jsonrpc": "2.0", "id": "a", "method": "initialize", "params": ["processId": .null, "capabilities": [:]]])
        let answer = try receive()
        #expect(answer["id"] == "a" && answer["result"]["capabilities"]["renameProvider"]["prepareProvider"] == true)
        try send("this is no header\r\n\r\n")
        try send(["jsonrpc": "2.0", "method": "initialized", "params": [:]])
        let document: JSON = ["uri": "untitled:one", "languageId": "vps", "version": 1, "text": "laod vit-nano\n"]
        try send(["jsonrpc": "2.0", "method": "textDocument/didOpen", "params": ["textDocument": document]])
        let published = try receive()
        #expect(published["method"] == "textDocument/publishDiagnostics")
        #expect(published["params"]["diagnostics"][0]["code"] == "VPS201")
        try send("Content-Length: 5\r\n\r\n{oops")
        #expect(try receive()["error"]["code"] == -32700)
        // Two messages in one piece, the second cut in two.
        let hover = JSON.object([
            "id": 7, "method": "textDocument/hover",
            "params": ["textDocument": ["uri": "untitled:one"], "position": ["line": 0, "character": 7]],
        ])
        let framed = MessageStream.framed(hover.bytes)
        try input.fileHandleForWriting.write(contentsOf: Data(framed + framed.prefix(30)))
        #expect(try receive()["id"] == 7)
        try input.fileHandleForWriting.write(contentsOf: Data(framed.dropFirst(30)))
        #expect(try receive()["result"]["contents"]["value"].string?.contains("vit-nano") == true)
        try send(["id": 8, "method": "shutdown"])
        #expect(try receive()["result"] == .null)
        try send(["method": "exit"])
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    /// Diagnostics, completion, hover, rename and formatting in a real editor, with the runtime folder of the repository.
    @Test(.enabled(if: onPath("nvim") != nil, "nvim is not installed"))
    func neovim() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nvim-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        try Data("let  rate = 0.1  # 犬🐕\nprint \"🐕 {$rate}\"; proxeis gru\n".utf8).write(to: folder.appendingPathComponent("a.vps"))
        let script = #"""
            vim.opt.runtimepath:prepend("\#(root.path)/Grammar/vim")
            vim.g.vptsp_command = "\#(Self.program)"
            vim.cmd("filetype plugin indent on | edit \#(folder.path)/a.vps")
            local out = {}
            local function say(name, value) table.insert(out, name .. "=" .. tostring(value)) end
            local function lines() return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "|") end
            local function ask(method, more)
              local parameters = vim.tbl_extend("force", { textDocument = { uri = vim.uri_from_bufnr(0) } }, more or {})
              local answers = vim.lsp.buf_request_sync(0, method, parameters, 10000) or {}
              for _, answer in pairs(answers) do return answer.result end
            end
            vim.wait(15000, function() return #vim.diagnostic.get(0) > 0 end, 20)
            for _, found in ipairs(vim.diagnostic.get(0)) do
              say("diagnostic", found.lnum .. ":" .. found.col .. "-" .. found.end_col .. " " .. found.message:match("[^\n]*"))
            end
            local hover = ask("textDocument/hover", { position = { line = 1, character = 12 } })
            say("hover", hover and hover.contents.value:match("line 1: [^\n]*"))
            local rename = ask("textDocument/rename", { position = { line = 1, character = 12 }, newName = "pace" })
            vim.lsp.util.apply_workspace_edit(rename, "utf-16")
            say("renamed", lines())
            local edits = ask("textDocument/formatting", { options = { tabSize = 2, insertSpaces = true } })
            vim.lsp.util.apply_text_edits(edits, 0, "utf-16")
            say("formatted", lines())
            local list = ask("textDocument/completion", { position = { line = 2, character = 4 } })
            say("completed", list and list.items[1] and list.items[1].label)
            vim.fn.writefile(out, "\#(folder.path)/out")
            vim.cmd("qa!")
            """#
        try Data(script.utf8).write(to: folder.appendingPathComponent("client.lua"))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.onPath("nvim") ?? "")
        process.arguments = ["--headless", "-u", "NONE", "-c", "luafile \(folder.path)/client.lua"]
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        let output = try String(contentsOf: folder.appendingPathComponent("out"), encoding: .utf8)
        #expect(
            output == """
                diagnostic=1:22-29 no command is called `proxeis`
                hover=line 1: `0.1`
                renamed=let  pace = 0.1  # 犬🐕|print "🐕 {$pace}"; proxeis gru
                formatted=let pace = 0.1  # 犬🐕|print "🐕 {$pace}"|proxeis gru
                completed=proxies

                """)
    }
}
