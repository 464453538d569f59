import Foundation
import RandomStreams
import Testing

/// Runs of the real program that end by SIGKILL wherever they happen to be: before the first step, in a step, in the middle
/// of a row of class prompts, while a checkpoint is written, and again while they resume.
@Suite(.serialized) struct KilledRunTests {
    private func settings(_ update: String) -> String {
        """
        threads 1
        load vit-nano
        data glyphs
        augment paper
        proxies gru n=2 layers=2 update=\(update)
        optim adamw lr=1e-3 proxy-lr=1e-2

        """
    }

    private let train = "train epochs=2 steps=12 batch=16 micro-batch=8 per-class=2 checkpoint-steps=1 keep=3"

    /// The run's state, whatever it went through: the checkpoint, and with class prompts on disk those as a saved model has them.
    private func state(of run: String, _ update: String, in program: BuiltProgram) throws -> [Data] {
        var names = ["runs/\(run)/checkpoint.safetensors"]
        if update == "touched" {
            let result = try program.run(["run", program.write("restore \"runs/\(run)\"\nsave \"\(run).safetensors\"\n", to: "save.vps")])
            try #require(result.status == 0, "\(result.errors)")
            names.append("\(run).class-prompts.bank")
        }
        return try names.map { try Data(contentsOf: program.folder.appendingPathComponent($0)) }
    }

    /// Starts the program and kills it after so long.
    /// - Returns: false when it had ended by then.
    private func killed(_ arguments: [String], after seconds: Double, in program: BuiltProgram) throws -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: BuiltProgram.path)
        process.arguments = arguments
        process.currentDirectoryURL = program.folder
        process.environment = program.environment
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let end = Date() + seconds
        while process.isRunning, Date() < end { Thread.sleep(forTimeInterval: 0.002) }
        let stillRan = process.isRunning
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        return stillRan
    }

    @Test(arguments: ["dense", "touched"]) func resumeToTheSameBytes(_ update: String) throws {
        let program = try BuiltProgram()
        let began = Date()
        let whole = try program.run(["run", program.write(settings(update) + train + " name=whole\n", to: "whole.vps")])
        try #require(whole.status == 0, "\(whole.errors)")
        let length = -began.timeIntervalSinceNow
        let expected = try state(of: "whole", update, in: program)
        // The same moments on each machine, as shares of the time that a whole run takes there.
        var random = RandomStream(seed: 50, purpose: .testing)
        var (kills, number) = (0, 1)
        while kills < 25 {
            let name = "killed-\(number)"
            let isBegun = FileManager.default.fileExists(atPath: program.folder.appendingPathComponent("runs/\(name)/manifest.json").path)
            if !isBegun { try? FileManager.default.removeItem(at: program.folder.appendingPathComponent("runs/\(name)")) }
            let arguments = try isBegun ? ["resume", name] : ["run", program.write(settings(update) + train + " name=\(name)\n", to: "\(name).vps")]
            let seconds = random.uniform(in: 0...1) * length
            if try killed(arguments, after: seconds, in: program) {
                kills += 1
                guard kills == 25 else { continue }
            }
            // It has come to its end by itself, or is to now.
            let last = try program.run(isBegun || kills == 25 ? ["resume", name] : ["run", program.write("restore \"runs/\(name)\"\n", to: "restore.vps")])
            if kills == 25, last.status == 66 { break }
            try #require(last.status == 0, "\(last.errors)")
            #expect(try state(of: name, update, in: program) == expected, "\(name), after \(kills) kills")
            let left = try FileManager.default.contentsOfDirectory(atPath: program.folder.appendingPathComponent("runs/\(name)").path)
            #expect(left.filter { $0.hasSuffix(".tmp") } == [], "nothing half-written stays")
            number += 1
        }
    }
}
