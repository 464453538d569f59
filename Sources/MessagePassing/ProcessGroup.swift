internal import CMessagePassing
internal import Glibc

/// The processes that an MPI launcher has started together, as one of them sees them.
///
/// All calls but ``isRequestedBySomeone(_:)`` while ``alone(_:)`` are collective: every process makes the same ones in the same order, from the thread that
/// joined. What they move are bytes and copies of floats; no library adds anything up, so that no library decides on last bits.
public final class ProcessGroup {
    /// Number of this process, from 0. The first one writes files and speaks.
    public let rank: Int
    /// Processes in all, 2 or more.
    public let count: Int
    /// Threads for this process: its share of the machine's processors.
    public private(set) var threads = 1
    /// Payload that this process has sent to others so far, bytes.
    public private(set) var bytesSent = 0
    private var isAlone = false

    public var isFirst: Bool { rank == 0 }
    /// Name and version of the MPI library.
    public var library: String { String(cString: vptsp_mpi_version()).split(separator: "\n").first.map(String.init) ?? "" }

    private init(rank: Int, count: Int) { (self.rank, self.count) = (rank, count) }

    /// The group that this process was started in; nil when no MPI launcher started it, or it was started alone.
    ///
    /// The library is opened only when the environment says that a launcher is there: Open MPI's `mpirun`, MPICH's, or Slurm's
    /// `srun --mpi=pmix` and `--mpi=pmi2`.
    /// - Throws: ``MessagePassingError`` when a launcher is there and the library is not.
    public static func joined() throws -> ProcessGroup? {
        let isOpenMPI = variable("OMPI_COMM_WORLD_SIZE") != nil || variable("PMIX_RANK") != nil
        guard isOpenMPI || variable("PMI_RANK") != nil else { return nil }
        // A job of one process needs no library.
        for name in ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE"] where variable(name) == "1" { return nil }
        if let failure = vptsp_mpi_open(isOpenMPI ? 0 : 1) { throw MessagePassingError(description: String(cString: failure)) }
        let size = Int(vptsp_mpi_size())
        guard size > 1 else {
            vptsp_mpi_close()
            return nil
        }
        let group = ProcessGroup(rank: Int(vptsp_mpi_rank()), count: size)
        group.threads = group.fairThreads()
        return group
    }

    private static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    // MARK: Bytes

    /// The first process's bytes, on all. What others give is not looked at.
    public func broadcast(_ bytes: [UInt8]) -> [UInt8] {
        var length = Int64(bytes.count)
        withUnsafeMutableBytes(of: &length) { vptsp_mpi_broadcast($0.baseAddress, Int32($0.count)) }
        var result = isFirst ? bytes : [UInt8](repeating: 0, count: Int(length))
        let part = 1 << 30
        result.withUnsafeMutableBytes { buffer in
            guard let base = buffer.baseAddress else { return }
            for start in stride(from: 0, to: buffer.count, by: part) {
                vptsp_mpi_broadcast(base + start, Int32(min(part, buffer.count - start)))
            }
        }
        if isFirst { bytesSent += (count - 1) * (8 + bytes.count) }
        return result
    }

    /// The first process's floats into the same place of all.
    public func broadcast(_ values: UnsafeMutablePointer<Float>, count length: Int) {
        let part = 1 << 28
        for start in stride(from: 0, to: length, by: part) { vptsp_mpi_broadcast(values + start, Int32(min(part, length - start) * 4)) }
        if isFirst { bytesSent += (count - 1) * length * 4 }
    }

    /// Every process's bytes, by rank; up to 2 GiB together.
    public func gather(_ bytes: [UInt8]) -> [[UInt8]] {
        var lengths = [Int32](repeating: 0, count: count)
        let own = Int32(bytes.count)
        withUnsafeBytes(of: own) { vptsp_mpi_gather_bytes($0.baseAddress, 4, &lengths, Self.equal(4, count), Self.offsets(Self.equal(4, count))) }
        let offsets = Self.offsets(lengths)
        var all = [UInt8](repeating: 0, count: lengths.reduce(0) { $0 + Int($1) })
        vptsp_mpi_gather_bytes(bytes, own, &all, lengths, offsets)
        bytesSent += (count - 1) * (4 + bytes.count)
        return zip(offsets, lengths).map { Array(all[Int($0)..<Int($0) + Int($1)]) }
    }

    private static func equal(_ size: Int32, _ count: Int) -> [Int32] { Array(repeating: size, count: count) }

    private static func offsets(_ counts: [Int32]) -> [Int32] {
        var sum: Int32 = 0
        return counts.map { count in
            defer { sum += count }
            return sum
        }
    }

    // MARK: Floats

    /// Completes an array of which each process holds its own range.
    /// - Parameter ranges: of each process, in order, one behind the other
    /// - Throws: ``MessagePassingError`` for more than 2^31 - 1 values.
    public func complete(_ values: UnsafeMutablePointer<Float>, ranges: [Range<Int>]) throws {
        let counts = try Self.small(ranges.map(\.count))
        vptsp_mpi_complete(values, counts, try Self.small(ranges.map(\.lowerBound)))
        bytesSent += (count - 1) * ranges[rank].count * 4
    }

    /// Gives each process a range of `values`, and puts what each sends one behind the other.
    /// - Throws: ``MessagePassingError`` for more than 2^31 - 1 values.
    public func exchange(_ values: UnsafePointer<Float>, counts: [Int], into received: UnsafeMutablePointer<Float>, counts receivedCounts: [Int]) throws {
        vptsp_mpi_exchange(
            values, try Self.small(counts), try Self.small(Self.starts(counts)), received, try Self.small(receivedCounts),
            try Self.small(Self.starts(receivedCounts)))
        bytesSent += (counts.reduce(0, +) - counts[rank]) * 4
    }

    private static func starts(_ counts: [Int]) -> [Int] {
        var sum = 0
        return counts.map { count in
            defer { sum += count }
            return sum
        }
    }

    private static func small(_ numbers: [Int]) throws -> [Int32] {
        try numbers.map { number in
            guard let small = Int32(exactly: number) else {
                throw MessagePassingError(description: "a message of \(number) values; MPI counts to \(Int32.max)")
            }
            return small
        }
    }

    // MARK: Going on, and ending

    /// Whether some process asks for something, such as to stop: all get the same answer.
    public func isRequestedBySomeone(_ isRequested: Bool) -> Bool {
        isAlone ? isRequested : gather([isRequested ? 1 : 0]).contains([1])
    }

    /// Does what only this process does: meanwhile nobody else is asked.
    public func alone<Result>(_ work: () throws -> Result) rethrows -> Result {
        isAlone = true
        defer { isAlone = false }
        return try work()
    }

    /// Tells all how this process ended, and waits for them.
    /// - Parameter seconds: how long to wait for those that are still at work; nil for as long as it takes
    /// - Returns: everyone's codes; nil when some were still at work.
    public func meet(code: Int32, seconds: Double? = nil) -> [Int32]? {
        var codes = [Int32](repeating: 0, count: count)
        return vptsp_mpi_meet(code, &codes, seconds ?? -1) == 1 ? codes : nil
    }

    /// Ends MPI; all have met.
    public func close() { vptsp_mpi_close() }

    /// Ends all processes at once.
    public func abort(code: Int32) -> Never {
        vptsp_mpi_abort(code)
        exit(code)
    }

    /// This machine's name.
    public static var host: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "unknown" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// Why processes cannot work together.
public struct MessagePassingError: Error, CustomStringConvertible, Sendable {
    public let description: String
}
