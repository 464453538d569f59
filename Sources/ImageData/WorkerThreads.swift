import Foundation

/// Plain threads for decoding, apart from the engine's pool: they mostly wait for files and for the step.
enum WorkerThreads {
    /// Calls `body` for 0 ..< count on `threads` threads (at least 1) and returns when all calls have.
    static func run(count: Int, threads: Int, _ body: @escaping @Sendable (Int) -> Void) {
        let counter = Counter(count: count)
        let group = DispatchGroup()
        for _ in 0..<max(1, min(threads, count)) {
            group.enter()
            start {
                while let index = counter.next() { body(index) }
                group.leave()
            }
        }
        group.wait()
    }

    /// Starts one thread.
    static func start(_ body: @escaping @Sendable () -> Void) {
        let thread = Thread { body() }
        thread.stackSize = 1 << 20
        thread.name = "images"
        thread.start()
    }

    private final class Counter: @unchecked Sendable {
        private let lock = NSLock()
        private let count: Int
        private var given = 0

        init(count: Int) { self.count = count }
        func next() -> Int? {
            lock.withLock {
                guard given < count else { return nil }
                given += 1
                return given - 1
            }
        }
    }
}
