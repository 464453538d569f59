/// What a cell is given on a cluster; nil leaves it to the partition.
public struct SlurmOptions: Codable, Equatable, Sendable {
    public var partition: String?
    /// Seconds after which a cell is stopped, and queued again.
    public var time: Double?
    /// Bytes.
    public var memory: Double?
    /// Processors, which are the threads of a cell.
    public var cpus: Int
    /// Cells that run at the same time; nil for as many as the cluster lets.
    public var mostAtOnce: Int?

    public init(partition: String? = nil, time: Double? = nil, memory: Double? = nil, cpus: Int = 1, mostAtOnce: Int? = nil) {
        (self.partition, self.time, self.memory, self.cpus, self.mostAtOnce) = (partition, time, memory, cpus, mostAtOnce)
    }

    /// Whole minutes, as Slurm counts a limit, at least one.
    var minutes: Int? { time.map { max(1, Int(min(($0 / 60).rounded(.up), 525_600))) } }
    /// Whole mebibytes.
    var mebibytes: Int? { memory.map { max(1, Int(min(($0 / 1_048_576).rounded(.up), 1e9))) } }
    /// Seconds before the limit at which a cell is asked to stop: time for a step, a checkpoint, and Slurm's own delays.
    var notice: Int? { minutes.map { min(120, $0 * 60 / 2) } }
}
