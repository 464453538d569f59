import Experiments
import Foundation
import Testing

@Suite(.serialized) struct RunLockTests {
    let scratch: Scratch
    let folder: String

    init() throws {
        scratch = try Scratch()
        folder = try scratch.pictures("pictures")
    }

    private func begun() throws -> String {
        let listener = Listener()
        return try experiment(tiny(folder)).train(
            runs: scratch("runs"), texts: texts, observer: listener, shouldStop: { listener.steps.count >= 2 }).run
    }

    @Test func secondOneIsToldWhoIsAtWork() throws {
        let run = try begun()
        let session = Experiment()
        _ = try session.resume(run: run)
        let lock = try RunLock(RunFolder.open(run))
        #expect(RunLock.isHeld(try RunFolder.open(run)))
        let before = try bytes(run + "/events.jsonl")
        let error = failure { _ = try session.train(runs: scratch("runs"), texts: texts) }
        #expect(failure { _ = try Experiment().resume(run: run) } == error)
        let pid = ProcessInfo.processInfo.processIdentifier
        #expect(error?.kind == .state)
        #expect(error?.message == "process \(pid) on \(ProcessInfo.processInfo.hostName) is at work on \(run)")
        #expect(error?.help == ["wait until it has ended, or ask it to stop at the next step: kill -INT \(pid)"])
        #expect(try bytes(run + "/events.jsonl") == before)
        let evaluation = try session.evaluate()
        #expect(evaluation.notKept?.contains("is at work on") == true)
        withExtendedLifetime(lock) {}
    }

    @Test func goesWithItsHolder() throws {
        let run = try begun()
        do { _ = try RunLock(RunFolder.open(run)) }
        #expect(!RunLock.isHeld(try RunFolder.open(run)))
        let session = Experiment()
        _ = try session.resume(run: run)
        #expect(try session.train(runs: scratch("runs"), texts: texts).isComplete)
        #expect(try bytes(run + "/lock").isEmpty)
    }

    @Test func folderThatCannotBeWritten() throws {
        let run = try begun()
        try FileManager.default.removeItem(atPath: run + "/lock")
        try FileManager.default.createDirectory(atPath: run + "/lock", withIntermediateDirectories: false)
        let session = Experiment()
        _ = try session.resume(run: run)
        let error = failure { _ = try session.train(runs: scratch("runs"), texts: texts) }
        #expect(error?.kind == .input && error?.message.hasPrefix("\(run)/lock cannot be written: ") == true)
    }
}
