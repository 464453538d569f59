import Experiments
import Foundation
import TensorFiles
import Testing

/// `update=touched` from the outside: runs, checkpoints, files.
@Suite(.serialized) struct ClassPromptBankTests {
    let scratch: Scratch
    let folder: String

    init() throws {
        scratch = try Scratch()
        folder = try scratch.pictures("pictures", classes: 12)
    }

    private func touched(_ name: String? = nil) -> ExperimentSpecification {
        var specification = tiny(folder)
        specification.proxies.update = .touched
        specification.training.name = name
        return specification
    }

    private func bank(_ run: String) -> String { run + "/class-prompts.bank" }

    private func room(_ path: String) throws -> (bytes: Int, blocks: Int) {
        var status = stat()
        try #require(stat(path, &status) == 0)
        return (Int(status.st_size), Int(status.st_blocks) * 512)
    }

    /// What a run's bank says of every class, whatever places it lies in: the values of a saved model.
    private func rows(_ run: String) throws -> Data {
        let session = Experiment()
        session.specification.threads = 1
        try session.restore(from: run)
        let file = scratch("rows-\(UUID().uuidString).safetensors")
        try session.save(to: file)
        return try bytes(file.replacingOccurrences(of: ".safetensors", with: ".class-prompts.bank"))
    }

    @Test func trainsLikeTheOther() throws {
        func losses(_ update: ProxySpecification.Update) throws -> [Double] {
            var specification = touched()
            specification.proxies.update = update
            specification.optimizer = OptimizerSpecification(kind: .sgd, weightDecay: 0, momentum: 0)
            let listener = Listener()
            _ = try experiment(specification).train(runs: scratch("runs"), texts: texts, observer: listener)
            return listener.steps.map(\.loss)
        }
        #expect(try losses(.touched) == losses(.dense))
    }

    @Test(arguments: [1, 2]) func threadsChangeNoByte(_ round: Int) throws {
        let runs = try [1, 2].map { threads in
            var specification = touched()
            specification.threads = threads
            specification.training.microBatch = round == 1 ? nil : 3
            return try experiment(specification).train(runs: scratch("runs"), texts: texts).run
        }
        #expect(try bytes(runs[0] + "/checkpoint.safetensors") == bytes(runs[1] + "/checkpoint.safetensors"))
        #expect(try bytes(bank(runs[0])) == bytes(bank(runs[1])))
        #expect(try SafeTensorsFile(path: runs[0] + "/checkpoint.safetensors").names.filter { $0.contains("proxy.prompts") } == ["proxy.prompts.versions"])
    }

    /// A copy of the folder taken after any step is what a process that was killed there leaves behind.
    @Test(arguments: [OptimizerSpecification.Kind.sgd, .adamw]) func killedAfterAnyStepResumesToTheSameRows(_ kind: OptimizerSpecification.Kind) throws {
        final class Copier: TrainingObserver {
            let copy: (Int) -> Void
            var steps = 0
            init(_ copy: @escaping (Int) -> Void) { self.copy = copy }
            func receive(_ event: TrainingEvent) {
                if case .step = event {
                    steps += 1
                    copy(steps)
                }
            }
        }
        var specification = touched("whole")
        specification.optimizer = OptimizerSpecification(kind: kind, rate: 1e-3, proxyRate: 1e-2)
        let runs = scratch("runs")
        let copier = Copier { step in
            try? FileManager.default.copyItem(atPath: runs + "/whole", toPath: runs + "/killed-\(step)")
        }
        let whole = try experiment(specification).train(runs: runs, texts: texts, observer: copier).run
        let (checkpoint, expected) = (try bytes(whole + "/checkpoint.safetensors"), try rows(whole))
        #expect(copier.steps == 18)
        for step in 7...18 {
            let run = runs + "/killed-\(step)"
            let resumed = Experiment()
            resumed.specification.threads = 1
            try resumed.restore(from: run)
            #expect(try resumed.train(runs: runs, texts: texts).run == run)
            #expect(try bytes(run + "/checkpoint.safetensors") == checkpoint, "killed after step \(step)")
            #expect(try rows(run) == expected, "killed after step \(step)")
        }
    }

    /// A row that was being written when the process ended is one that no checkpoint refers to.
    @Test func tornRowsAreNoLoss() throws {
        var specification = touched("torn")
        specification.training.epochs = 1
        let run = try experiment(specification).train(runs: scratch("runs"), texts: texts).run
        let expected = try rows(run)
        let checkpoint = try bytes(run + "/checkpoint.safetensors")
        // Two steps more, without a checkpoint after them: the disk is full for it.
        let resumed = Experiment()
        try resumed.restore(from: run)
        resumed.specification.training = TrainingOptions(epochs: 2, batch: 4, perClass: 2, steps: 8, keep: 1)
        let listener = Listener()
        final class Blocker: TrainingObserver {
            let path: String
            init(_ path: String) { self.path = path }
            func receive(_ event: TrainingEvent) {
                // A folder where the checkpoint's temporary file should be renamed to.
                if case .step(let step) = event, step.step == 1 {
                    try? FileManager.default.removeItem(atPath: path)
                    try? FileManager.default.createDirectory(atPath: path + "/in the way", withIntermediateDirectories: true)
                }
            }
        }
        _ = listener
        let error = failure { _ = try resumed.train(runs: scratch("runs"), texts: texts, observer: Blocker(run + "/checkpoint.safetensors")) }
        #expect(error?.kind == .running)
        try FileManager.default.removeItem(atPath: run + "/checkpoint.safetensors")
        try checkpoint.write(to: URL(fileURLWithPath: run + "/checkpoint.safetensors"))
        #expect(try rows(run) == expected)
    }

    @Test func onlyTouchedRowsTakeRoom() throws {
        var specification = touched()
        specification.proxies.count = 400  // 2 layers x 400 x 16 floats: 51,200 bytes a state, 153,600 with Adam's
        specification.training = TrainingOptions(epochs: 1, batch: 4, perClass: 2, steps: 1)
        let run = try experiment(specification).train(runs: scratch("runs"), texts: texts).run
        let one = try room(bank(run))
        let stride = (64 + 2 * 400 * 16 * 4 * 3 + 4095) / 4096 * 4096
        #expect(one.bytes == 4096 + 2 * 6 * stride)
        #expect(one.blocks >= 2 * stride && one.blocks <= 2 * stride + 65536, "\(one)")
        // All classes, many times: after a checkpoint each has one state.
        specification.training = TrainingOptions(epochs: 6, batch: 4, perClass: 2)
        let many = try room(bank(try experiment(specification).train(runs: scratch("runs"), texts: texts).run))
        #expect(many.blocks <= 6 * stride + 131072, "\(many)")
    }

    @Test func savedModelHasItsClassPrompts() throws {
        let session = experiment(touched())
        _ = try session.train(runs: scratch("runs"), texts: texts)
        let file = scratch("model.safetensors")
        try session.save(to: file)
        let fresh = Experiment()
        fresh.specification.data = session.specification.data
        fresh.specification.optimizer = session.specification.optimizer
        fresh.specification.training = TrainingOptions(epochs: 1, batch: 4, perClass: 2)
        fresh.specification.threads = 1
        try fresh.restore(from: file)
        _ = try session.embed(to: scratch("a.npy"))
        _ = try fresh.embed(to: scratch("b.npy"))
        #expect(try bytes(scratch("a.npy")) == bytes(scratch("b.npy")))
        try fresh.save(to: scratch("again.safetensors"))
        #expect(try bytes(scratch("model.class-prompts.bank")) == bytes(scratch("again.class-prompts.bank")))
        let further = try fresh.train(runs: scratch("runs"), texts: texts)
        #expect(further.isComplete)
        // Its first step saw the saved class prompts, not the seed's.
        let first = try #require(try String(decoding: bytes(further.run + "/events.jsonl"), as: UTF8.self).split(separator: "\n").first { $0.contains("\"step\":0") })
        let anew = try experiment(touched()).train(runs: scratch("runs"), texts: texts)
        #expect(try !String(decoding: bytes(anew.run + "/events.jsonl"), as: UTF8.self).contains(first))

        try FileManager.default.removeItem(atPath: scratch("model.class-prompts.bank"))
        let without = Experiment()
        without.specification = fresh.specification
        try without.restore(from: file)
        _ = try without.embed(to: scratch("b.npy"))
        #expect(try bytes(scratch("a.npy")) == bytes(scratch("b.npy")))
        #expect(failure { try without.save(to: scratch("more.safetensors")) }?.message.contains("without its class prompts") == true)
        let before = try FileManager.default.contentsOfDirectory(atPath: scratch("runs")).count
        #expect(failure { _ = try without.train(runs: scratch("runs"), texts: texts) }?.message.contains("model.class-prompts.bank: cannot be opened") == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch("runs")).count == before)
    }

    // MARK: Files that are not what they should be

    @Test func bankOfAnotherModelIsRefusedWithBothNames() throws {
        let run = try experiment(touched("one")).train(runs: scratch("runs"), texts: texts).run
        var other = touched("other")
        other.proxies.alpha = 0.25
        let otherRun = try experiment(other).train(runs: scratch("runs"), texts: texts).run
        try FileManager.default.removeItem(atPath: bank(run))
        try FileManager.default.copyItem(atPath: bank(otherRun), toPath: bank(run))
        let error = failure { try Experiment().restore(from: run) }
        #expect(error?.kind == .input)
        let names = (error?.message ?? "").matches(of: /model ([0-9a-f]{12})…/).map { String($0.1) }
        #expect(names.count == 2 && names[0] != names[1], "\(error?.message ?? "")")
    }

    @Test func bankOfAnotherMomentIsRefused() throws {
        var specification = touched("early")
        specification.training.epochs = 1
        let run = try experiment(specification).train(runs: scratch("runs"), texts: texts).run
        let early = try bytes(bank(run))
        let resumed = Experiment()
        try resumed.restore(from: run)
        resumed.specification.training.epochs = 4
        _ = try resumed.train(runs: scratch("runs"), texts: texts)
        try early.write(to: URL(fileURLWithPath: bank(run)))
        let late = Experiment()
        try late.restore(from: run)
        late.specification.training.epochs = 5
        let error = failure { _ = try late.train(runs: scratch("runs"), texts: texts) }
        #expect(error?.message.contains("which the checkpoint needs") == true, "\(error?.message ?? "")")
    }

    @Test func damagedBanksAreErrors() throws {
        let run = try experiment(touched("damaged")).train(runs: scratch("runs"), texts: texts).run
        let whole = try bytes(bank(run))
        func restoreAndTrain(_ data: Data) throws -> ExperimentError? {
            try data.write(to: URL(fileURLWithPath: bank(run)))
            let session = Experiment()
            return failure {
                try session.restore(from: run)
                session.specification.training.epochs = 4
                session.specification.training.steps = 24
                _ = try session.train(runs: scratch("runs"), texts: texts)
            }
        }
        let checkpoint = try bytes(run + "/checkpoint.safetensors")
        for length in [0, 7, 4095, 4096, whole.count - 1] {
            #expect(try restoreAndTrain(whole.prefix(length))?.message.contains("cut short") == true, "\(length)")
        }
        for place in [0, 9, 17, 33, 900, 4092] {
            var damaged = whole
            damaged[place] ^= 0x41
            let error = try restoreAndTrain(damaged)
            #expect(error?.kind == .input, "byte \(place): \(error?.message ?? "no error")")
        }
        // Every place damaged in its values, then in its head.
        for offset in [80, 8] {
            var damaged = whole
            for place in stride(from: 4096, to: whole.count, by: 4096) { damaged[place + offset] ^= 0x41 }
            let message = try restoreAndTrain(damaged)?.message ?? ""
            #expect(message.contains("is damaged") || message.contains("which the checkpoint needs"), "\(message)")
        }
        #expect(try bytes(run + "/checkpoint.safetensors") == checkpoint)
        #expect(try restoreAndTrain(whole) == nil)
    }

    @Test func missingBankStillEvaluates() throws {
        let run = try experiment(touched("gone")).train(runs: scratch("runs"), texts: texts).run
        try FileManager.default.removeItem(atPath: bank(run))
        let session = Experiment()
        try session.restore(from: run)
        _ = try session.embed(to: scratch("a.npy"))
        session.specification.training.epochs = 4
        #expect(failure { _ = try session.train(runs: scratch("runs"), texts: texts) }?.message.contains("class-prompts.bank: cannot be opened") == true)
    }

    // MARK: Disks

    /// A limit on the size of files stands in for a disk that is full: `pwrite` fails, and no signal ends the process.
    private func limited<Result>(to bytes: UInt, _ body: () throws -> Result) rethrows -> Result {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        let handler = signal(SIGXFSZ, SIG_IGN)
        var small = rlimit(rlim_cur: rlim_t(bytes), rlim_max: limit.rlim_max)
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &small)
        defer {
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            signal(SIGXFSZ, handler)
        }
        return try body()
    }

    @Test func bankThatCannotBeMadeLeavesNothing() throws {
        var specification = touched("large")
        specification.proxies.count = 4000
        let error = failure { _ = try limited(to: 1 << 20) { try experiment(specification).train(runs: scratch("runs"), texts: texts) } }
        #expect(error?.message.contains("class-prompts.bank: cannot be made: a file of") == true, "\(error?.message ?? "")")
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch("runs")) == [])
    }

    @Test func fullDiskLosesNothing() throws {
        var specification = touched("full")
        specification.proxies.count = 400
        specification.training.epochs = 1
        let undisturbed = try experiment({ var s = specification; s.training.epochs = 2; s.training.name = "undisturbed"; return s }())
            .train(runs: scratch("runs"), texts: texts).run
        let run = try experiment(specification).train(runs: scratch("runs"), texts: texts).run
        let resumed = Experiment()
        try resumed.restore(from: run)
        resumed.specification.training.epochs = 2
        // Only the lowest classes' places can still be written.
        let error = failure { _ = try limited(to: 400_000) { try resumed.train(runs: scratch("runs"), texts: texts) } }
        #expect(error?.kind == .running)
        #expect(error?.message.contains("class-prompts.bank: cannot be written") == true, "\(error?.message ?? "")")
        #expect(error?.help.contains { $0.contains("`vptsp resume \(run)` goes on") } == true, "\(error?.help ?? [])")
        let again = Experiment()
        try again.restore(from: run)
        again.specification.training.epochs = 2
        _ = try again.train(runs: scratch("runs"), texts: texts)
        #expect(try bytes(run + "/checkpoint.safetensors") == bytes(undisturbed + "/checkpoint.safetensors"))
        #expect(try rows(run) == rows(undisturbed))
    }

    /// A real disk without room, where the test may mount one.
    @Test(.enabled(if: getuid() == 0, "mounting needs root")) func smallDisk() throws {
        let disk = scratch("disk")
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
        let mount = Process()
        mount.executableURL = URL(fileURLWithPath: "/bin/mount")
        mount.arguments = ["-t", "tmpfs", "-o", "size=1m", "tmpfs", disk]
        mount.standardError = FileHandle.nullDevice
        try mount.run()
        mount.waitUntilExit()
        guard mount.terminationStatus == 0 else { return print("smallDisk: no file system can be mounted here; not tested") }
        defer { _ = umount2(disk, 2) }
        var specification = touched("small")
        specification.proxies.count = 600
        let error = failure { _ = try experiment(specification).train(runs: disk + "/runs", texts: texts) }
        #expect(error?.kind == .running)
        #expect(error?.message.contains("class-prompts.bank: cannot be written: the disk is full") == true, "\(error?.message ?? "")")
    }
}
