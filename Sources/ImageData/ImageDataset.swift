import Foundation

/// Pictures to train on, to choose settings on and to test on. No class occurs in two of the three splits; labels count the
/// classes of each split from 0.
public struct ImageDataset: Sendable {
    /// A file that was left out.
    public struct SkippedFile: Sendable, Hashable {
        public let name: String
        public let reason: String

        public init(name: String, reason: String) {
            self.name = name
            self.reason = reason
        }
    }

    public let name: String
    /// The form that it was found in, by the names of its files; empty for one that has none.
    public var layout = ""
    public var train: [DatasetItem]
    public var trainClasses: [String]
    /// Classes held out of the training half, or that a table sets apart; often none.
    public var validation: [DatasetItem] = []
    public var validationClasses: [String] = []
    public var test: [DatasetItem]
    public var testClasses: [String]
    /// Positions in `test` of queries and gallery, for data sets that have them; nil means that each item is a query among
    /// all the others.
    public var query: [Int]?
    public var gallery: [Int]?
    /// Files that were no whole pictures and were left out on request.
    public var skipped: [SkippedFile] = []
    /// What is allowed but worth knowing: classes with one image, counts that are not the published ones.
    public var warnings: [String] = []

    public init(name: String, train: [DatasetItem], trainClasses: [String], test: [DatasetItem], testClasses: [String]) {
        self.name = name
        self.train = train
        self.trainClasses = trainClasses
        self.test = test
        self.testClasses = testClasses
    }

    /// 16 hexadecimal digits over the order, names, labels and bytes of all pictures. Reads every file.
    /// - Throws: `ImageError` for a file that cannot be read any more.
    public func contentHash() throws -> String {
        var hash = ContentHash()
        for split in [train, validation, test] { try hash.add(split) }
        for list in [query, gallery] { for position in list ?? [] { hash.add(UInt64(bitPattern: Int64(position))) } }
        return hash.digits
    }

    /// The same over some of the pictures, and positions among them.
    public static func contentHash(of items: [DatasetItem], positions: [[Int]] = []) throws -> String {
        var hash = ContentHash()
        try hash.add(items)
        for list in positions {
            hash.add(UInt64(list.count))
            for position in list { hash.add(UInt64(bitPattern: Int64(position))) }
        }
        return hash.digits
    }
}

/// A data set that cannot be used as asked.
public struct DatasetError: Error, CustomStringConvertible, Hashable, Sendable {
    /// Name or path of the data set.
    public let dataset: String
    public let reason: String
    public let help: String?

    public init(dataset: String, reason: String, help: String? = nil) {
        self.dataset = dataset
        self.reason = reason
        self.help = help
    }

    public var description: String { "\(dataset): \(reason)" + (help.map { "; \($0)" } ?? "") }
}
