/// Where MLflow keeps runs: a folder in its own layout, or a server.
public protocol MLflowStore: Sendable {
    /// Makes a run, its experiment too where there is none of that name; one with the same key that is there already is taken.
    /// - Returns: the run's id.
    func begin(_ run: MLflowRun) throws -> String
    /// Says that a run goes on, or how it ended.
    func update(_ id: String, experiment: String, status: MLflowStatus, time: Int) throws
    func log(_ metrics: [MLflowMetric], run id: String, experiment: String) throws
}

/// A run as it begins.
public struct MLflowRun: Codable, Equatable, Sendable {
    public struct Entry: Codable, Equatable, Sendable {
        public var key, value: String

        public init(_ key: String, _ value: String) { (self.key, self.value) = (key, value) }
    }

    public var experiment, name: String
    /// 32 hexadecimal digits that tell it from all others: an attempt that broke off is taken up by the next.
    public var key: String
    /// Milliseconds since 1970, as all times of MLflow.
    public var time: Int
    public var parameters: [Entry]
    public var tags: [Entry]
    /// Texts by the names of their files.
    public var files: [Entry]

    public init(experiment: String, name: String, key: String, time: Int, parameters: [Entry], tags: [Entry], files: [Entry]) {
        (self.experiment, self.name, self.key, self.time) = (experiment, name, key, time)
        (self.parameters, self.tags, self.files) = (parameters, tags, files)
    }
}

public struct MLflowMetric: Codable, Equatable, Sendable {
    public var key: String
    public var value: Double
    public var timestamp, step: Int

    public init(key: String, value: Double, timestamp: Int, step: Int) {
        (self.key, self.value, self.timestamp, self.step) = (key, value, timestamp, step)
    }
}

public enum MLflowStatus: String, Codable, Sendable {
    case running = "RUNNING", finished = "FINISHED", failed = "FAILED", killed = "KILLED"

    /// In files.
    var number: Int {
        switch self {
        case .running: 1
        case .finished: 3
        case .failed: 4
        case .killed: 5
        }
    }
}

/// What a store says no to.
public struct MLflowError: Error, CustomStringConvertible, Sendable {
    public let description: String
    /// True for what another attempt may bring: nobody answers, the disk is full. False for what the store refuses.
    public let mayPass: Bool

    public init(_ description: String, mayPass: Bool) { (self.description, self.mayPass) = (description, mayPass) }
}
