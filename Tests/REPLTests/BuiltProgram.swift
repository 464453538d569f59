import Foundation

/// The `vptsp` that was built beside the tests, in a folder of its own.
final class BuiltProgram {
    static let path = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("vptsp").path

    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("vptsp-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    var historyFile: URL { folder.appendingPathComponent("state/vptsp/history") }

    /// Of programs that tests start, whatever that of the tests is: with some variables (OPENBLAS_CORETYPE) bytes are others.
    var environment: [String: String] {
        [
            "PATH": "/usr/bin:/bin", "HOME": folder.path, "XDG_STATE_HOME": folder.appendingPathComponent("state").path,
            "TERM": "xterm", "LANG": "C.UTF-8", "INPUTRC": "/dev/null",
        ]
    }

    /// A program on a terminal, in this folder.
    func session(_ arguments: [String] = [], _ changes: [String: String] = [:]) throws -> PseudoTerminal {
        let terminal = try PseudoTerminal(
            ["/usr/bin/env", "-C", folder.path, Self.path] + arguments, environment: environment.merging(changes) { $1 })
        terminal.program = self
        return terminal
    }

    /// Runs without a terminal; `input` goes to standard input.
    /// - Parameter launcher: another program with its arguments, which starts this one
    func run(_ arguments: [String], input: String = "", under launcher: [String] = []) throws -> (status: Int32, output: String, errors: String) {
        let words = launcher + [Self.path] + arguments
        let process = Process()
        process.executableURL = URL(fileURLWithPath: words[0])
        process.arguments = Array(words.dropFirst())
        process.currentDirectoryURL = folder
        process.environment = environment
        let given = folder.appendingPathComponent("input"), output = folder.appendingPathComponent("output")
        let errors = folder.appendingPathComponent("errors")
        try Data(input.utf8).write(to: given)
        try Data().write(to: output)
        try Data().write(to: errors)
        process.standardInput = try FileHandle(forReadingFrom: given)
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        process.waitUntilExit()
        return (
            process.terminationStatus, String(decoding: try Data(contentsOf: output), as: UTF8.self),
            String(decoding: try Data(contentsOf: errors), as: UTF8.self)
        )
    }

    func write(_ text: String, to name: String) throws -> String {
        let file = folder.appendingPathComponent(name)
        try Data(text.utf8).write(to: file)
        return file.path
    }
}
