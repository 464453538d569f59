/// Which pictures, and how their classes are divided between training, validation and test.
public struct DataSpecification: Codable, Equatable, Sendable {
    /// `glyphs` for the embedded kanji, `folder` for one folder a class.
    public var name: String
    /// The folder; nil for `glyphs`.
    public var path: String?
    /// The harder glyphs: rotated, sheared, in perspective, noisy.
    public var isDistorted: Bool
    public var split: Split
    /// Share of the training classes held out for choosing settings, 0 up to but not 1.
    public var validation: Double
    /// Leave out pictures that cannot be decoded, and count them, instead of stopping.
    public var skipsBad: Bool

    /// How the classes of a folder are divided; training and test never share a class.
    public enum Split: Codable, Equatable, Sendable {
        /// The first half of the classes, in the order of their names, trains; the rest tests.
        case order
        /// Two text files, the name of one class a line.
        case list(train: String, test: String)
        /// Sub-folders `train/` and `test/`.
        case folders
    }

    public init(
        name: String, path: String? = nil, isDistorted: Bool = false, split: Split = .order, validation: Double = 0, skipsBad: Bool = false
    ) {
        self.name = name
        self.path = path
        self.isDistorted = isDistorted
        self.split = split
        self.validation = validation
        self.skipsBad = skipsBad
    }

    /// - Throws: ``ExperimentError`` when a share is outside its range.
    public func validate() throws {
        guard validation >= 0, validation < 1 else {
            throw ExperimentError(
                .specification, "validate=\(validation) must be a share of the training classes from 0 up to but not 1",
                help: ["0.2 holds every fifth class out"])
        }
    }
}
