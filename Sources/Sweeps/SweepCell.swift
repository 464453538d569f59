public import Experiments

/// One run of a sweep's statements: a combination of values, and a seed.
public struct SweepCell: Codable, Equatable, Sendable {
    /// A value of the combination, as a script would write it.
    public struct Value: Codable, Equatable, Sendable {
        public var name: String
        public var text: String

        public init(name: String, text: String) {
            self.name = name
            self.text = text
        }
    }

    /// SHA-256, hexadecimal, of all that its figures depend on; see ``CellIdentity``.
    public var hash: String
    /// Number of the combination, from 0; cells that differ in the seed alone share it.
    public var setting: Int
    public var values: [Value]
    public var seed: UInt64
    /// Its statements, which need nothing from the script that they came from.
    public var script: String

    public init(hash: String, setting: Int, values: [Value], seed: UInt64, script: String) {
        self.hash = hash
        self.setting = setting
        self.values = values
        self.seed = seed
        self.script = script
    }

    /// `alpha=0.1 n=5`.
    public var settingText: String { values.map { "\($0.name)=\($0.text)" }.joined(separator: " ") }
}

/// What a cell came to.
public struct CellResult: Codable, Equatable, Sendable {
    public enum Status: String, Codable, Sendable { case done, failed }

    public var status: Status
    /// In the order in which commands returned them, each name once.
    public var figures: [NamedFigure]
    /// Of wall time.
    public var seconds: Double
    /// False when its training was ended before its last epoch, to be compared with others there.
    public var isWhole: Bool
    /// Why it failed, in one line or more.
    public var message: String?

    public init(status: Status, figures: [NamedFigure] = [], seconds: Double, isWhole: Bool = true, message: String? = nil) {
        self.status = status
        self.isWhole = isWhole
        self.figures = figures
        self.seconds = seconds
        self.message = message
    }

    public func figure(_ name: String) -> Double? { figures.first { $0.name == name }?.value }
}
