internal import Foundation
public import ImageData
internal import MetricLearning
internal import TensorEngine

/// A picture that was found, and how near it is.
public struct SearchHit: Sendable {
    /// Path or tile name within the data set.
    public var name: String
    public var className: String
    /// Cosine, -1 to 1; for a model in hyperbolic space minus the distance.
    public var similarity: Double
    /// Nil where it is not to be found: an index knows names, not pictures.
    public var image: RGBImage?
    /// Whether it is of the query's class; nil where that is not known.
    public var isSameClass: Bool?
}

/// A search's result: the picture asked for, and those found, nearest first.
public struct SearchResult: Sendable {
    public var query: RGBImage
    /// The class of the query: known when it is a picture of the data set or lies in a folder named like one of its classes.
    public var queryClass: String?
    public var hits: [SearchHit]
    /// True where ``SearchHit/similarity`` is minus the hyperbolic distance.
    public var isHyperbolic: Bool
}

/// Embeddings of a part of the data set, kept between searches.
struct SearchGallery {
    let part: EvaluationOptions.Part
    let data: DataSpecification
    let augmentation: AugmentationSpecification
    let model: MetricModel?
    let backboneIdentity: String
    let embeddings: Tensor
}

extension Experiment {
    /// The pictures nearest to the one in the file at `path`, which is itself left out where it is one of them.
    /// - Parameter k: 1 or more; fewer are returned when there are fewer.
    public func search(path: String, k: Int, in part: EvaluationOptions.Part = .test, progress: (Int, Int) -> Bool = { _, _ in true }) throws -> SearchResult {
        guard k >= 1 else { throw ExperimentError(.specification, "k=\(k) must be at least 1") }
        let data = try readyData()
        let items = try data.items(part)
        let names = data.classNames(part)
        let image = try reading { try ImageDecoder.decode(path: path) }
        let gallery = try gallery(of: part, items: items, data: data, progress: progress)
        let query = DatasetItem(name: path, source: .file(path: path), label: 0)
        let row = try embeddings(of: [query], data: nil, model: currentModel) { _, _ in true }
        let measure = (currentModel?.model.space ?? .sphere).measure
        let found = try NearestNeighbors(engine: engine(), measure: measure).search(queries: row, gallery: gallery, k: min(k + 1, items.count)).first ?? []
        let own = try found.first { try Self.isSame(items[$0.index], as: image, at: path) }?.index
        let queryClass = own.map { names[items[$0].label] } ?? Self.folderClass(of: path, among: names)
        let hits = try found.filter { $0.index != own }.prefix(k).map { neighbour in
            let item = items[neighbour.index]
            let name = names[item.label]
            return SearchHit(
                name: item.name, className: name, similarity: Double(neighbour.similarity), image: try reading(item.image),
                isSameClass: queryClass.map { $0 == name })
        }
        return SearchResult(query: image, queryClass: queryClass, hits: hits, isHyperbolic: measure != .cosine)
    }

    private func gallery(of part: EvaluationOptions.Part, items: [DatasetItem], data: LoadedData, progress: (Int, Int) -> Bool) throws -> Tensor {
        let identity = try readyBackbone().identity
        if let gallery, gallery.part == part, gallery.data == data.specification.withoutCache, gallery.augmentation == specification.augmentation,
            gallery.model === currentModel?.model, gallery.backboneIdentity == identity
        {
            return gallery.embeddings
        }
        let embeddings = try embeddings(of: items, data: data, model: currentModel, progress: progress)
        gallery = SearchGallery(
            part: part, data: data.specification.withoutCache, augmentation: specification.augmentation, model: currentModel?.model,
            backboneIdentity: identity, embeddings: embeddings)
        return embeddings
    }

    /// Whether the item is the query itself: the same file, or a picture of the same pixels.
    private static func isSame(_ item: DatasetItem, as image: RGBImage, at path: String) throws -> Bool {
        if case .file(let own) = item.source, URL(fileURLWithPath: own).standardizedFileURL == URL(fileURLWithPath: path).standardizedFileURL {
            return true
        }
        let other = try reading(item.image)
        return other.width == image.width && other.height == image.height && other.pixels == image.pixels
    }

    static func folderClass(of path: String, among names: [String]) -> String? {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().lastPathComponent
        return names.contains(folder) ? folder : nil
    }
}
