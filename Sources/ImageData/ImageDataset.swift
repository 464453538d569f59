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
    public var train: [DatasetItem]
    public var trainClasses: [String]
    /// Classes held out of the training half by `holdingOut(validation:)`; empty before.
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
    /// What is allowed but worth knowing, such as classes with one image.
    public var warnings: [String] = []

    public init(name: String, train: [DatasetItem], trainClasses: [String], test: [DatasetItem], testClasses: [String]) {
        self.name = name
        self.train = train
        self.trainClasses = trainClasses
        self.test = test
        self.testClasses = testClasses
    }

    /// This data set with a share of its training classes held out for validation: the last ones in order, their number rounded
    /// to nearest but at least 1, and at least 1 class left to train on.
    /// - Parameter fraction: above 0, below 1.
    public func holdingOut(validation fraction: Double) throws -> ImageDataset {
        guard fraction > 0, fraction < 1 else {
            throw DatasetError(dataset: name, reason: "the validation share must be above 0 and below 1, not \(fraction)")
        }
        guard validationClasses.isEmpty else { throw DatasetError(dataset: name, reason: "validation classes are already held out") }
        guard trainClasses.count >= 2 else {
            throw DatasetError(dataset: name, reason: "\(trainClasses.count) training class: none can be held out for validation")
        }
        let held = min(max(Int((fraction * Double(trainClasses.count)).rounded()), 1), trainClasses.count - 1)
        let kept = trainClasses.count - held
        var result = self
        result.trainClasses = Array(trainClasses[..<kept])
        result.validationClasses = Array(trainClasses[kept...])
        result.train = train.filter { $0.label < kept }
        result.validation = train.filter { $0.label >= kept }.map { $0.relabeled($0.label - kept) }
        return result
    }

    /// 16 hexadecimal digits over the order, names, labels and bytes of all pictures. Reads every file.
    /// - Throws: `ImageError` for a file that cannot be read any more.
    public func contentHash() throws -> String {
        var hash = ContentHash()
        for split in [train, validation, test] {
            hash.add(UInt64(split.count))
            for item in split {
                hash.add(item.name)
                hash.add(UInt64(bitPattern: Int64(item.label)))
                switch item.source {
                case .file(let path):
                    try FileBytes.contents(path: path).withUnsafeBytes { hash.add($0) }
                case .tile(let sheet, let index):
                    hash.add(try sheet.contentHash())
                    hash.add(UInt64(bitPattern: Int64(index)))
                }
            }
        }
        for list in [query, gallery] { for position in list ?? [] { hash.add(UInt64(bitPattern: Int64(position))) } }
        let digits = String(hash.value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
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
