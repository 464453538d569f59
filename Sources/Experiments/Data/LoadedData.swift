internal import EmbeddedAssets
internal import ImageData

/// The pictures of a specification: listed and checked, decoded when asked for.
final class LoadedData {
    let specification: DataSpecification
    let dataset: ImageDataset
    /// Decoded pictures, kept between epochs while there is room.
    let cache = ImageCache()
    private var knownHash: String?

    /// - Throws: `DatasetError`, `ImageError` that name what is missing or no picture.
    init(_ specification: DataSpecification, threads: Int) throws {
        try specification.validate()
        self.specification = specification
        var dataset: ImageDataset
        switch specification.name {
        case "glyphs": dataset = try EmbeddedAssets.glyphs(distorted: specification.isDistorted)
        case "folder":
            guard let path = specification.path else {
                throw ExperimentError(.specification, "`data folder` needs a path", help: ["data folder path=\"birds\""])
            }
            let split: FolderDataset.Split = switch specification.split {
            case .order: .order
            case .folders: .folders
            case .list(let train, let test): .list(train: train, test: test)
            }
            dataset = try FolderDataset.load(path: path, split: split, skipBad: specification.skipsBad, threads: threads)
        default:
            throw ExperimentError(.specification, "there is no data set `\(specification.name)`", help: ["data glyphs, or data folder path=\"…\""])
        }
        if specification.validation > 0 { dataset = try dataset.holdingOut(validation: specification.validation) }
        self.dataset = dataset
    }

    /// Over names, labels and bytes of all pictures; reads every file the first time.
    func hash() throws -> String {
        if let knownHash { return knownHash }
        let hash = try dataset.contentHash()
        knownHash = hash
        return hash
    }

    func items(_ part: EvaluationOptions.Part) throws -> [DatasetItem] {
        switch part {
        case .test: return dataset.test
        case .train: return dataset.train
        case .validation:
            guard !dataset.validation.isEmpty else {
                throw ExperimentError(.state, "no classes are held out for validation", help: ["data \(specification.name) … validate=0.2 holds every fifth training class out"])
            }
            return dataset.validation
        }
    }

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

/// What `data` found.
public struct DataSummary: Equatable, Sendable {
    public var name: String
    public var trainImages, trainClasses: Int
    public var validationImages, validationClasses: Int
    public var testImages, testClasses: Int
    /// Files left out by `skip-bad`, with why.
    public var skipped: [String]
    /// What is allowed but worth knowing, such as classes with one picture.
    public var warnings: [String]
}

extension LoadedData {
    var summary: DataSummary {
        DataSummary(
            name: dataset.name, trainImages: dataset.train.count, trainClasses: dataset.trainClasses.count,
            validationImages: dataset.validation.count, validationClasses: dataset.validationClasses.count, testImages: dataset.test.count,
            testClasses: dataset.testClasses.count, skipped: dataset.skipped.map { "\($0.name): \($0.reason)" }, warnings: dataset.warnings)
    }
}
