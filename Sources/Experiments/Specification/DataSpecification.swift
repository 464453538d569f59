/// Which pictures, and how their classes are divided between training, validation and test.
public struct DataSpecification: Codable, Equatable, Sendable {
    /// `glyphs` for the embedded kanji, `folder` for one folder a class, `csv` for a table, or a ``Benchmark``'s name.
    public var name: String
    /// The folder or table; nil for `glyphs`.
    public var path: String?
    /// The harder glyphs: rotated, sheared, in perspective, noisy.
    public var isDistorted: Bool
    public var split: Split
    /// Share of the training classes held out for choosing settings, 0 up to but not 1.
    public var validation: Double
    /// Part of the training classes held out instead of a share; nil for none.
    public var fold: Fold?
    /// Leave out pictures that cannot be decoded, and count them, instead of stopping.
    public var skipsBad: Bool
    /// How JPEG files are decoded; nil is whole and exact.
    public var decoding: Decoding?
    /// Folder that keeps what evaluation makes of the pictures; nil for none. It never changes a result.
    public var cache: String?
    /// Most bytes in that folder; nil is 16 GiB.
    public var cacheLimit: Int?

    public enum Decoding: String, Codable, Sendable, CaseIterable {
        /// Smaller where the result needs no more pixels: some grey levels off, and faster.
        case fast
    }

    /// How the classes of a folder are divided; training and test never share a class.
    public enum Split: Codable, Equatable, Sendable {
        /// The first half of the classes, in the order of their names, trains; the rest tests.
        case order
        /// Two text files, the name of one class a line.
        case list(train: String, test: String)
        /// Sub-folders `train/` and `test/`.
        case folders
    }

    /// One of several equal parts of the training classes, in order.
    public struct Fold: Codable, Equatable, Sendable {
        /// From 1.
        public var number: Int
        /// Of how many.
        public var count: Int

        public init(_ number: Int, of count: Int) {
            self.number = number
            self.count = count
        }
    }

    public init(
        name: String, path: String? = nil, isDistorted: Bool = false, split: Split = .order, validation: Double = 0, fold: Fold? = nil,
        skipsBad: Bool = false, decoding: Decoding? = nil, cache: String? = nil, cacheLimit: Int? = nil
    ) {
        self.name = name
        self.path = path
        self.isDistorted = isDistorted
        self.split = split
        self.validation = validation
        self.fold = fold
        self.skipsBad = skipsBad
        (self.decoding, self.cache, self.cacheLimit) = (decoding, cache, cacheLimit)
    }

    /// The same but for what never changes a result.
    var withoutCache: DataSpecification {
        var result = self
        (result.cache, result.cacheLimit) = (nil, nil)
        return result
    }

    /// - Throws: ``ExperimentError`` when a share or fold is outside its range, or both are asked for.
    public func validate() throws {
        guard validation >= 0, validation < 1 else {
            throw ExperimentError(
                .specification, "validate=\(validation) must be a share of the training classes from 0 up to but not 1",
                help: ["0.2 holds every fifth class out"])
        }
        guard cacheLimit == nil || cache != nil else {
            throw ExperimentError(.specification, "cache-limit= says how large the folder of cache= may be, and there is none", help: ["cache=\"crops\""])
        }
        guard let fold else { return }
        guard fold.count >= 2, (1...fold.count).contains(fold.number) else {
            throw ExperimentError(
                .specification, "fold=\(fold.number) of folds=\(fold.count) cannot be: folds are 2 or more and numbered from 1",
                help: ["fold=1 folds=5 holds the first fifth of the training classes out"])
        }
        guard validation == 0 else {
            throw ExperimentError(
                .specification, "validate=\(validation) and fold=\(fold.number) both hold training classes out", help: ["give one of them"])
        }
    }
}
