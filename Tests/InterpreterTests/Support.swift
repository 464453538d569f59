import Interpreter
import VPSAnalysis

/// Files in memory.
struct MemoryFiles: FileAccess {
    struct Missing: Error {}

    var texts: [String: String]

    func kind(of path: String) -> FileKind? {
        if texts[path] != nil { return .file }
        return texts.keys.contains { $0.hasPrefix("\(path)/") } ? .folder : nil
    }

    func contents(of path: String) throws -> [UInt8] {
        guard let text = texts[path] else { throw Missing() }
        return Array(text.utf8)
    }

    func names(in folder: String) -> [String] { [] }
}

/// A session whose output is kept.
struct TestSession {
    let output = CapturedOutput()
    let session: Session

    init(files: [String: String] = [:], shouldStop: @escaping () -> Bool = { false }) {
        session = Session(output: output, files: MemoryFiles(texts: files), shouldStop: shouldStop)
    }

    /// What the statements print.
    func printed(_ text: String) -> String {
        let before = output.text.count
        _ = session.execute(text)
        return String(output.text.dropFirst(before))
    }
}

/// Runs a script from memory.
func run(_ files: [String: String], _ path: String = "main.vps", _ arguments: [String] = []) -> (code: ExitCode, text: String, errors: String) {
    let output = CapturedOutput()
    let code = ScriptRunner(output: output, files: MemoryFiles(texts: files)).run(path, arguments: arguments)
    return (code, output.text, output.errors)
}
