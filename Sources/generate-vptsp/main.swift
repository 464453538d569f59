// generate-vptsp [--check] [ROOT]: writes what is made from the catalog and the command line into the repository at ROOT,
// the working directory unless given: Docs/reference, Docs/man, and the grammars of editors. With --check it writes
// nothing and exits 1 when a file is missing, stale or left over. The `vptsp` built beside it describes the command line.

import Foundation
import VPSAnalysis

func fail(_ message: String, _ status: Int32) -> Never {
    FileHandle.standardError.write(Data("generate-vptsp: \(message)\n".utf8))
    exit(status)
}

var arguments = Array(CommandLine.arguments.dropFirst())
let isCheck = arguments.first == "--check"
if isCheck { arguments.removeFirst() }
guard arguments.count <= 1, !(arguments.first?.hasPrefix("-") ?? false) else {
    fail("usage: generate-vptsp [--check] [ROOT]", 64)
}
let root = URL(fileURLWithPath: arguments.first ?? ".", isDirectory: true)

func describedProgram() throws -> ProgramDescription {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("vptsp")
    process.arguments = ["--experimental-dump-help"]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let json = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return try ProgramDescription(json: json)
}

let program: ProgramDescription
do {
    program = try describedProgram()
} catch {
    fail("`vptsp` beside this program does not describe itself; build it first (\(error.localizedDescription))", 70)
}
let files = GeneratedFiles(root: root, program: program)
let stale = files.stale()
if isCheck {
    for path in stale { print("stale: \(path)") }
    exit(stale.isEmpty ? 0 : 1)
}
do {
    try files.write()
} catch {
    fail(error.localizedDescription, 70)
}
for path in stale { print("written: \(path)") }
