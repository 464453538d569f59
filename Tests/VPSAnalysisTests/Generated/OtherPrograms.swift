import Foundation

/// The repository, and the programs of others that read what is generated.
enum Repository {
    static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}

enum Program {
    /// Where a program of that name is on the PATH.
    static func path(_ name: String) -> String? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    static func exists(_ name: String) -> Bool { path(name) != nil }

    /// Runs it to its end, nothing on standard input.
    static func run(_ name: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path(name) ?? name)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}

/// A folder that goes with the test.
final class Scratch {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vps-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func write(_ text: String, _ name: String) throws -> String {
        let file = folder.appendingPathComponent(name)
        try Data(text.utf8).write(to: file)
        return file.path
    }
}

/// Something of everything that is coloured.
let colouredSample = #"""
    vps 1  # note
    param alpha = 0.5 in 0..1 "weight"
    load vit-s16 weights="a\n{$x:.3}"
    proxies gru alpha=$alpha layers=12 norm=each -> fit
    if $fit.recall@1 > log(2) and not true { trial 4GiB k=2 } else { print "{$r.recall@1:.3} \q" }
    for a, b in [(1, 2)] { let y = 5e-3 }
    train steps=3; eval map # end
    """#
