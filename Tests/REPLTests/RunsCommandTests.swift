import Foundation
import Testing

/// `vptsp runs`, `resume` and `replay` as programs: their exit statuses, and many at once.
@Suite(.serialized) struct RunsCommandTests {
    private func trained() throws -> BuiltProgram {
        let program = try BuiltProgram()
        let script = "threads 1\nload vit-nano\ndata glyphs\nmethod linear\nfor i in 1..3 {\nseed $i\ntrain epochs=1 steps=2 batch=8 name=\"run-{$i}\"\n}\n"
        let result = try program.run(["run", program.write(script, to: "train.vps")])
        try #require(result.status == 0, "\(result.errors)")
        return program
    }

    @Test func statuses() throws {
        let program = try trained()
        let list = try program.run(["runs", "method=linear and seed>=2", "--sort", "seed", "--json"])
        #expect(list.status == 0, "\(list.errors)")
        let array = try #require(JSONSerialization.jsonObject(with: Data(list.output.utf8)) as? [[String: Any]])
        #expect(array.map { $0["name"] as? String } == ["run-2", "run-3"])
        #expect(try program.run(["runs", "method=linear and"]).status == 65)
        #expect(try program.run(["runs", "lost>1"]).status == 65)
        #expect(try program.run(["runs", "--sort", "lost"]).status == 65)
        #expect(try program.run(["runs", "--limit", "0"]).status == 64)
        #expect(try program.run(["runs", "show", "none"]).status == 66)
        #expect(try program.run(["runs", "show", "run-1"]).output.contains("complete"))
        #expect(try program.run(["runs", "compare", "run-1", "run-2"]).output.contains("seed"))
        #expect(try program.run(["runs", "compare", "run-1"]).status == 64)
        #expect(try program.run(["runs", "export", "all.csv"]).status == 0)
        #expect(try String(contentsOf: program.folder.appendingPathComponent("all.csv"), encoding: .utf8).split(separator: "\n").count == 4)
        let asked = try program.run(["runs", "remove", "run-3"])
        #expect(asked.status == 64 && asked.output.contains("nothing was removed"), "nobody can be asked")
        #expect(try program.run(["runs", "remove", "run-3", "--yes"]).status == 0)
        #expect(try program.run(["resume", "run-1"]).status == 0)
        #expect(try program.run(["resume", "run-3"]).status == 66)
        #expect(try program.run(["replay", "run-1"]).status == 0)
        try Data("torn".utf8).write(to: program.folder.appendingPathComponent("runs/run-2/checkpoint.safetensors"))
        #expect(try program.run(["replay", "run-2"]).status == 70)
        #expect(try program.run(["replay", "none"]).status == 66)
    }

    @Test func manyProcessesAtOnce() throws {
        let program = try trained()
        let processes = try (0..<8).map { number in
            let process = Process()
            process.executableURL = URL(fileURLWithPath: BuiltProgram.path)
            process.arguments = number % 2 == 0 ? ["runs", "tag", "tag-\(number)", "run-1", "run-2"] : ["runs", "seed>0", "--json"]
            process.currentDirectoryURL = program.folder
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            return process
        }
        for process in processes {
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
        }
        let list = try program.run(["runs", "tag=tag-0 and tag=tag-2 and tag=tag-4 and tag=tag-6", "--sort", "name", "--json"])
        let array = try #require(JSONSerialization.jsonObject(with: Data(list.output.utf8)) as? [[String: Any]])
        #expect(array.map { $0["name"] as? String } == ["run-1", "run-2"])
        #expect(list.errors.isEmpty)
    }

    /// One trains; the other is told who does.
    @Test func twoProcessesOnOneRun() throws {
        let program = try BuiltProgram()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: BuiltProgram.path)
        process.arguments = ["run", try program.write("threads 1\nload vit-nano\ndata glyphs\nmethod linear\ntrain epochs=1000 batch=16 checkpoint-steps=1 name=long\n", to: "long.vps")]
        process.currentDirectoryURL = program.folder
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let checkpoint = program.folder.appendingPathComponent("runs/long/checkpoint.safetensors").path
        while process.isRunning, !FileManager.default.fileExists(atPath: checkpoint) { Thread.sleep(forTimeInterval: 0.01) }
        let second = try program.run(["resume", "long"])
        #expect(second.status == 70 && second.errors.contains("process \(process.processIdentifier) on "), "\(second.errors)")
        #expect(try program.run(["runs", "state=running", "--json"]).output.contains("\"long\""))
        #expect(try program.run(["runs", "remove", "long", "--yes"]).status == 70)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(try program.run(["runs", "state=killed", "--json"]).output.contains("\"long\""))
    }
}
