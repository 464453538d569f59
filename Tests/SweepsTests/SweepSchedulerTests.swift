import Sweeps
import Testing

@Suite(.serialized) struct SweepSchedulerTests {
    @Test func oneWorkerRunsCellsInOrder() throws {
        let worker = try FakeWorker()
        let (outcome, results) = try worker.run(worker.cells(["value 1", "value 2", "value 3"]))
        #expect(outcome == .complete)
        #expect(worker.orders == ["cell0", "cell1", "cell2"])
        #expect(results["cell2"]?.figure("x") == 3)
    }

    @Test func whatIsDoneIsNotRunAgainAndFailuresAre() throws {
        let worker = try FakeWorker()
        _ = try worker.run(worker.cells(["value 1", "fail", "value 3"]))
        let (_, results) = try worker.run(worker.cells(["value 7", "value 8", "value 9", "value 4"]))
        #expect(worker.orders == ["cell0", "cell1", "cell2", "cell1", "cell3"])
        #expect(results["cell0"]?.figure("x") == 1)
        #expect(results["cell1"]?.figure("x") == 8)
    }

    @Test func crashIsOneFailedRowAndTheOthersGoOn() throws {
        let worker = try FakeWorker()
        let (outcome, results) = try worker.run(worker.cells(["value 1", "crash", "value 3", "value 4"]), jobs: 2)
        #expect(outcome == .complete)
        #expect(results.count == 4)
        #expect(results["cell1"]?.status == .failed)
        #expect(results["cell1"]?.message == "its process was killed by signal 11 (Segmentation fault)\nabout to crash")
        #expect(worker.folder.result(of: "cell1")?.status == .failed)
        #expect(results.values.filter { $0.status == .done }.count == 3)
    }

    @Test func firstFailureMayEndTheSweep() throws {
        let worker = try FakeWorker()
        let (outcome, results) = try worker.run(worker.cells(["fail", "value 2"]), stopsAtFailure: true)
        #expect(outcome == .stopped)
        #expect(results["cell1"] == nil)
    }

    @Test func interruptStopsWhatRunsAndKeepsTheRest() throws {
        let worker = try FakeWorker()
        var isRunning = false
        let cells = worker.cells(["value 1", "slow", "value 3"])
        let (outcome, results) = try worker.run(cells, shouldStop: { isRunning }) { event in
            if case .progress = event { isRunning = true }
        }
        #expect(outcome == .interrupted)
        #expect(results.keys.sorted() == ["cell0"])
    }

    @Test func cellsOfOneHashRunOnce() throws {
        let worker = try FakeWorker()
        var cells = worker.cells(["value 1", "value 1"])
        cells[1].hash = cells[0].hash
        _ = try worker.run(cells)
        #expect(worker.orders == ["cell0"])
    }

    @Test func oneProcessRunsASweep() throws {
        let worker = try FakeWorker()
        let lock = try SweepLock(worker.folder)
        #expect(throws: (any Error).self) { try SweepLock(worker.folder) }
        withExtendedLifetime(lock) {}
    }
}
