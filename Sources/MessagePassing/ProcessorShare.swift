internal import CMessagePassing

/// The processors that this process may run on.
struct ProcessorSet: Equatable {
    /// Their numbers, and the machine that they are of.
    let host: String
    let numbers: [Int]

    static var own: ProcessorSet {
        // As many as the kernel counts at most, 8,192.
        var mask = [UInt8](repeating: 0, count: 1_024)
        guard vptsp_processors(&mask, mask.count) == 1 else { return ProcessorSet(host: ProcessGroup.host, numbers: [0]) }
        let numbers = (0..<mask.count * 8).filter { mask[$0 / 8] >> UInt8($0 % 8) & 1 == 1 }
        return ProcessorSet(host: ProcessGroup.host, numbers: numbers)
    }

    var bytes: [UInt8] { Array("\(host) \(numbers)".utf8) }
}

extension ProcessGroup {
    /// Threads for this process: its processors, divided among the processes of the machine that were given the very same ones.
    /// (`mpirun` binds to a core for two processes, to a socket for more, and inside a container often not at all.)
    func fairThreads() -> Int {
        let own = ProcessorSet.own
        let sharers = gather(own.bytes).count { $0 == own.bytes }
        return max(1, own.numbers.count / max(sharers, 1))
    }
}
