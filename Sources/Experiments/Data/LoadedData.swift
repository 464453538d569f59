internal import EmbeddedAssets
internal import ImageData

/// The pictures of a specification: listed and checked, decoded when asked for.
final class LoadedData {
    let specification: DataSpecification
    let dataset: ImageDataset
    /// Decoded pictures, kept between epochs while there is room.
    let cache = ImageCache()
    /// What evaluation makes of them, on disk; nil unless asked for.
    let crops: CropCache?
    private var knownHash: String?
    private var knownPartHashes: [EvaluationOptions.Part: String] = [:]

    /// - Throws: `DatasetError`, `ImageError` that name what is missing or no picture.
    init(_ specification: DataSpecification, threads: Int) throws {
        try specification.validate()
        self.specification = specification
        crops = try specification.cache.map { try CropCache(folder: $0, limit: specification.cacheLimit ?? 16 << 30) }
        var dataset: ImageDataset
        switch specification.name {
        case "glyphs": dataset = try EmbeddedAssets.glyphs(distorted: specification.isDistorted)
        case "folder":
            let split: FolderDataset.Split = switch specification.split {
            case .order: .order
            case .folders: .folders
            case .list(let train, let test): .list(train: train, test: test)
            }
            dataset = try FolderDataset.load(path: specification.neededPath(), split: split, skipBad: specification.skipsBad, threads: threads)
        case "csv": dataset = try CSVDataset.load(path: specification.neededPath(), skipBad: specification.skipsBad, threads: threads)
        default:
            guard let benchmark = Benchmark(rawValue: specification.name) else {
                throw ExperimentError(
                    .specification, "there is no data set `\(specification.name)`",
                    help: ["data glyphs, data folder path=\"…\", data csv path=\"…\", or data " + Benchmark.allCases.map(\.rawValue).joined(separator: "|") + " path=\"…\""])
            }
            dataset = try benchmark.load(path: specification.neededPath(), skipBad: specification.skipsBad, threads: threads)
        }
        if specification.validation > 0 { dataset = try dataset.holdingOut(validation: specification.validation) }
        if let fold = specification.fold { dataset = try dataset.holdingOut(fold: fold.number, of: fold.count) }
        self.dataset = dataset
    }

    /// Over names, labels and bytes of all pictures; reads every file that was not read before (``ContentHashCache``).
    func hash() throws -> String {
        if let knownHash { return knownHash }
        let splits = [dataset.train, dataset.validation, dataset.test]
        let form = "data set \(splits.map(\.count)) query \(dataset.query ?? []) gallery \(dataset.gallery ?? [])"
        let hash = try ContentHashCache.shared.hash(of: splits.flatMap { $0 }, form: form, compute: dataset.contentHash)
        knownHash = hash
        return hash
    }

    /// Over the pictures of one part, and who of them asks whom; reads as ``hash()`` does.
    func hash(of part: EvaluationOptions.Part) throws -> String {
        if let known = knownPartHashes[part] { return known }
        let positions = part == .test ? [dataset.query, dataset.gallery].compactMap { $0 } : []
        let items = try items(part)
        let hash = try reading {
            try ContentHashCache.shared.hash(of: items, form: "part \(positions)") { try ImageDataset.contentHash(of: items, positions: positions) }
        }
        knownPartHashes[part] = hash
        return hash
    }

    func items(_ part: EvaluationOptions.Part) throws -> [DatasetItem] {
        switch part {
        case .test: return dataset.test
        case .train: return dataset.train
        case .validation:
            guard !dataset.validation.isEmpty else {
                throw ExperimentError(.state, "no classes are held out for validation", help: ["data \(specification.name) … validate=0.2 holds a fifth of the training classes out, fold=1 folds=5 the first fifth"])
            }
            return dataset.validation
        }
    }

    /// Validation classes where there are some, and the test classes; both, so that a table can show what choosing on the one
    /// gives on the other.
    var evaluatedParts: [EvaluationOptions.Part] { dataset.validation.isEmpty ? [.test] : [.validation, .test] }

    func classNames(_ part: EvaluationOptions.Part) -> [String] {
        switch part {
        case .test: dataset.testClasses
        case .train: dataset.trainClasses
        case .validation: dataset.validationClasses
        }
    }

    /// Pictures of each training class.
    var trainingClassSizes: [Int] {
        var sizes = [Int](repeating: 0, count: dataset.trainClasses.count)
        for item in dataset.train { sizes[item.label] += 1 }
        return sizes
    }
}

extension DataSpecification {
    fileprivate func neededPath() throws -> String {
        guard let path else { throw ExperimentError(.specification, "`data \(name)` needs a path", help: ["data \(name) path=\"…\""]) }
        return path
    }
}

/// What `data` found.
public struct DataSummary: Codable, Equatable, Sendable {
    public var name: String
    /// The form that it was found in, by the names of its files; empty for one that has none.
    public var layout: String
    public var trainImages, trainClasses: Int
    public var validationImages, validationClasses: Int
    public var testImages, testClasses: Int
    /// Test images that ask and those that are to be found; nil where each asks among all others.
    public var queryImages, galleryImages: Int?
    /// Files left out by `skip-bad`, with why.
    public var skipped: [String]
    /// What is allowed but worth knowing: classes with one picture, counts that are not the published ones.
    public var warnings: [String]
}

extension LoadedData {
    var summary: DataSummary {
        DataSummary(
            name: dataset.name, layout: dataset.layout, trainImages: dataset.train.count, trainClasses: dataset.trainClasses.count,
            validationImages: dataset.validation.count, validationClasses: dataset.validationClasses.count, testImages: dataset.test.count,
            testClasses: dataset.testClasses.count, queryImages: dataset.query?.count, galleryImages: dataset.gallery?.count,
            skipped: dataset.skipped.map { "\($0.name): \($0.reason)" }, warnings: dataset.warnings)
    }
}
