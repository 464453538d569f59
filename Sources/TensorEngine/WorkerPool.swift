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
        let unfinishedWorkers: Atomic<Int>

        init(count: Int, body: @escaping (Int) -> Void, workers: Int) {
            self.count = count
            self.body = body
            unfinishedWorkers = Atomic(workers)
        }

        func work() {
            guard let body else { return }
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                if index >= count { return }
                body(index)
            }
        }

        var isFinished: Bool { unfinishedWorkers.load(ordering: .acquiring) == 0 }
    }

    private let condition = NSCondition()
    private var job: Job?
    /// Of the last job, and one more when the threads are to end; written under the lock.
    private let generation = Atomic<Int>(0)
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
        generation.add(1, ordering: .releasing)
        condition.broadcast()
        condition.unlock()
    }

    /// Loops of a network follow each other within microseconds, and a sleeping thread wakes in 50 or more: who waits looks for this long
    /// before it sleeps, and lets others run meanwhile.
    private static let patience = Duration.microseconds(100)

    private static func wait(until isDone: () -> Bool) {
        guard !isDone() else { return }
        let end = ContinuousClock.now + patience
        repeat { sched_yield() } while !isDone() && ContinuousClock.now < end
    }

    private func nextJob(after seen: Int) -> (job: Job, generation: Int)? {
        Self.wait { generation.load(ordering: .acquiring) != seen }
        condition.lock()
        defer { condition.unlock() }
        while true {
            if stopped { return nil }
            let last = generation.load(ordering: .relaxed)
            if last != seen, let job { return (job, last) }
            condition.wait()
        }
    }

    private func finished(_ job: Job) {
        guard job.unfinishedWorkers.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 else { return }
        // Under the lock, so that the caller cannot have looked and not yet sleep.
        condition.lock()
        condition.broadcast()
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
            generation.add(1, ordering: .releasing)
            condition.broadcast()
            condition.unlock()
            job.work()
            Self.wait { job.isFinished }
            condition.lock()
            while !job.isFinished { condition.wait() }
            self.job = nil
            job.body = nil
            condition.unlock()
        }
        busy.store(false, ordering: .releasing)
    }
}
