import Foundation
import RandomStreams
import Testing

/// Runs of the real program that end by SIGKILL wherever they happen to be: in a step, in the middle of a row of class
/// prompts, while a checkpoint is written.
@Suite(.serialized) struct KilledRunTests {
    private let settings = """
        threads 1
        load vit image=32 patch=16 dim=32 depth=2 heads=2
        data glyphs
        augment paper
        proxies gru n=24 update=touched
        optim adamw lr=1e-3 proxy-lr=1e-2

        """
    private let train = "train epochs=3 batch=200 per-class=2"

    /// The run's state, whatever it went through: the checkpoint, and the class prompts as a saved model has them.
    private func state(of run: String, in program: BuiltProgram) throws -> [Data] {
        let result = try program.run(["run", program.write("restore \"runs/\(run)\"\nsave \"\(run).safetensors\"\n", to: "save.vps")])
        try #require(result.status == 0, "\(result.errors)")
        return try ["runs/\(run)/checkpoint.safetensors", "\(run).class-prompts.bank"].map { try Data(contentsOf: program.folder.appendingPathComponent($0)) }
    }

    @Test func resumeToTheSameBytes() throws {
        let program = try BuiltProgram()
        let began = Date()
        let whole = try program.run(["run", program.write(settings + train + " name=whole\n", to: "whole.vps")])
        try #require(whole.status == 0, "\(whole.errors)")
        let length = -began.timeIntervalSinceNow
        let expected = try state(of: "whole", in: program)
        var random = RandomStream(seed: UInt64(Date().timeIntervalSince1970), purpose: .testing)
        var resumed = 0
        for number in 1...3 {
            let share = random.uniform(in: 0...0.5)
            let name = "killed-\(number)"
            let process = Process()
            process.executableURL = URL(fileURLWithPath: BuiltProgram.path)
            process.arguments = ["run", try program.write(settings + train + " name=\(name)\n", to: "\(name).vps")]
            process.currentDirectoryURL = program.folder
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            let checkpoint = program.folder.appendingPathComponent("runs/\(name)/checkpoint.safetensors").path
            while process.isRunning, !FileManager.default.fileExists(atPath: checkpoint) { Thread.sleep(forTimeInterval: 0.01) }
            Thread.sleep(forTimeInterval: share * length)
            let stillRan = process.isRunning
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            guard stillRan else { continue }
            let result = try program.run(["run", program.write("restore \"runs/\(name)\"\n\(train)\n", to: "resume.vps")])
            // Killed after its last checkpoint there is nothing left to train.
            try #require(result.status == 0 || result.errors.contains("already trained"), "\(result.errors)")
            #expect(try state(of: name, in: program) == expected, "killed \(share * length) s after its first checkpoint")
            resumed += 1
        }
        #expect(resumed > 0, "no run was killed before its end")
    }
}
