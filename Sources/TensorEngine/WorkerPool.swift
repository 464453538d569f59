import Foundation
import Synchronization

/// Threads that share a counted loop.
///
/// How a loop is cut into chunks is the caller's, by shapes alone; which thread runs which chunk is left to chance and
/// never changes a result: chunks write to disjoint places.
public final class WorkerPool: @unchecked Sendable {
    public let threads: Int

    private final class Job {
        let count: Int
        /// Dropped when the loop is done: it must not outlive the call that lent it, while a worker may hold the job a little longer.
        var body: ((Int) -> Void)?
        let next = Atomic<Int>(0)
        var unfinishedWorkers: Int

        init(count: Int, body: @escaping (Int) -> Void, workers: Int) {
            self.count = count
            self.body = body
            unfinishedWorkers = workers
        }

        func work() {
            guard let body else { return }
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                if index >= count { return }
                body(index)
            }
        }
    }

    private let condition = NSCondition()
    private var job: Job?
    private var generation = 0
    private var stopped = false
    private let busy = Atomic<Bool>(false)

    /// - Parameter threads: at least 1; the calling thread is one of them.
    public init(threads: Int) {
        self.threads = max(threads, 1)
        for number in 1..<max(self.threads, 1) {
            let thread = Thread { [weak self] in
                var seen = 0
                while let next = self?.nextJob(after: seen) {
                    seen = next.generation
                    next.job.work()
                    self?.finished(next.job)
                }
            }
            thread.name = "vptsp worker \(number)"
            thread.stackSize = 1 << 21
            thread.start()
        }
    }

    /// Ends the threads. A pool that is dropped without it keeps its sleeping threads to the end of the process.
    public func stop() {
        condition.lock()
        stopped = true
        condition.broadcast()
        condition.unlock()
    }

    private func nextJob(after seen: Int) -> (job: Job, generation: Int)? {
        condition.lock()
        defer { condition.unlock() }
        while true {
            if stopped { return nil }
            if generation != seen, let job { return (job, generation) }
            condition.wait()
        }
    }

    private func finished(_ job: Job) {
        condition.lock()
        job.unfinishedWorkers -= 1
        if job.unfinishedWorkers == 0 { condition.broadcast() }
        condition.unlock()
    }

    /// Calls `body` once with each of 0, 1, ..., count - 1 and returns when all are done. A call from within a body runs in place.
    public func run(_ count: Int, _ body: (Int) -> Void) {
        if threads == 1 || count < 2 || !busy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged {
            for index in 0..<max(count, 0) { body(index) }
            return
        }
        withoutActuallyEscaping(body) { body in
            let job = Job(count: count, body: body, workers: threads - 1)
            condition.lock()
            self.job = job
            generation += 1
            condition.broadcast()
            condition.unlock()
            job.work()
            condition.lock()
            while job.unfinishedWorkers > 0 { condition.wait() }
            self.job = nil
            job.body = nil
            condition.unlock()
        }
        busy.store(false, ordering: .releasing)
    }
}
