import Foundation
import Synchronization

/// The Python of this machine, for tests that hold our files against other programs: `$VPTSP_PYTHON`, else `python3`.
public enum Python {
    private static let program = ProcessInfo.processInfo.environment["VPTSP_PYTHON"].map { [$0] } ?? ["/usr/bin/env", "python3"]
    private static let known = Mutex<[String: Bool]>([:])

    /// Whether it is there with all of these packages.
    public static func has(_ packages: String...) -> Bool {
        known.withLock { known in
            packages.allSatisfy { package in
                if let answer = known[package] { return answer }
                let code = "import importlib.util, sys; sys.exit(0 if importlib.util.find_spec('\(package)') else 1)"
                let answer = (try? launch(["-c", code], nil))?.status == 0
                known[package] = answer
                return answer
            }
        }
    }

    /// What a test without them says.
    public static func lacking(_ packages: String...) -> String {
        "needs a Python with \(packages.joined(separator: ", ")): pip install them, and set VPTSP_PYTHON to that Python"
    }

    public struct Failed: Error, CustomStringConvertible {
        public let description: String

        public init(description: String) { self.description = description }
    }

    /// Runs a program and returns what it prints.
    /// - Throws: ``Failed`` with all of its output when it does not end well.
    @discardableResult
    public static func run(_ code: String, _ arguments: [String] = [], in folder: String? = nil) throws -> String {
        let result = try launch(["-c", code] + arguments, folder)
        guard result.status == 0 else { throw Failed(description: "python ended with \(result.status):\n\(result.text)") }
        return result.text
    }

    /// Starts a program that goes on, its output in a file. It leads a process group of its own, with whatever it starts.
    public static func start(_ arguments: [String], in folder: String, output: String) throws -> Process {
        let process = Process()
        // Foundation gives each process a group of its own; `setsid` would fork, and end at once.
        process.executableURL = URL(fileURLWithPath: program[0])
        process.arguments = Array(program.dropFirst()) + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        try Data().write(to: URL(fileURLWithPath: output))
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        process.standardError = process.standardOutput
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return process
    }

    private static func launch(_ arguments: [String], _ folder: String?) throws -> (status: Int32, text: String) {
        let output = FileManager.default.temporaryDirectory.appendingPathComponent("python-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: output) }
        let process = try start(arguments, in: folder ?? FileManager.default.temporaryDirectory.path, output: output)
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: try Data(contentsOf: URL(fileURLWithPath: output)), as: UTF8.self))
    }
}

/// A page under Docs/, whose programs tests run.
public struct DocumentationPage {
    private let text: String

    public init(_ name: String) throws {
        let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        text = try String(contentsOf: root.appendingPathComponent("Docs/\(name)"), encoding: .utf8)
    }

    /// The block that opens with exactly these words behind its fence.
    public func block(_ opening: String) throws -> String {
        let parts = text.components(separatedBy: "```\(opening)\n")
        guard parts.count == 2, let end = parts[1].range(of: "\n```") else { throw Python.Failed(description: "the page has \(parts.count - 1) blocks `\(opening)`") }
        return String(parts[1][..<end.lowerBound]) + "\n"
    }
}
