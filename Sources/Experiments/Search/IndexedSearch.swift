internal import Foundation
internal import ImageData
internal import MetricLearning
internal import TensorEngine
internal import TensorFiles

/// Where and how `search` looks when it is given an index.
public struct IndexedSearch: Equatable, Sendable {
    /// The index, or a file of embeddings.
    public var path: String
    /// Candidates that a search in the graph keeps.
    public var breadth: Int
    /// Looks at every row although there is a graph.
    public var isExact: Bool

    public init(path: String, breadth: Int = 64, isExact: Bool = false) {
        self.path = path
        self.breadth = breadth
        self.isExact = isExact
    }
}

/// What many queries at once found.
public struct BatchSearch: Sendable {
    /// (queries, k): rows of the index, nearest first; -1 where a search found no more.
    public var indices: [Int64]
    public var queries, k: Int
    /// Of searching alone.
    public var seconds: Double
    /// Rows that were searched in, and whether all of them were looked at.
    public var rows: Int
    public var isExact: Bool

    /// Writes ``indices`` as an int64 `.npy` array.
    /// - Throws: ``ExperimentError`` when it cannot be written.
    public func write(to path: String) throws { try reading { try NPY.write(indices, shape: [queries, k], to: path) } }
}

/// An index that was read, as long as its file stays the same.
struct KnownIndex {
    let path: String
    let changed: Date?
    let size: Int
    let index: GalleryIndex
}

extension Experiment {
    /// The rows of an index that are nearest to the picture at `path`, which is left out itself where it is one of them.
    /// - Throws: ``ExperimentError`` when the index is none, is damaged, or is of another model.
    public func search(path: String, k: Int, in wanted: IndexedSearch) throws -> SearchResult {
        guard k >= 1 else { throw ExperimentError(.specification, "k=\(k) must be at least 1") }
        let index = try reading { try knownIndex(wanted.path) }
        guard (currentModel?.model.space ?? .sphere) == .sphere else {
            throw ExperimentError(.specification, "`loss hyperbolic` compares by a distance that no index is made for", help: ["leave `index=` out"])
        }
        let image = try reading { try ImageDecoder.decode(path: path) }
        let row = try embeddings(of: [DatasetItem(name: path, source: .file(path: path), label: 0)], data: nil, model: currentModel) { _, _ in true }
        guard row.width == index.rows.width else {
            throw ExperimentError(.input, "\(wanted.path) holds rows of \(index.rows.width) values, but the model at hand makes \(row.width)", help: ["load the model that made the index"])
        }
        if let model = index.model, try model != embeddingIdentity() {
            throw ExperimentError(
                .input, "\(wanted.path) was made by another model than the one at hand", help: ["load or restore the model that made it, or make it again with `index`"])
        }
        let found = try nearest(to: row, k: min(k + 1, index.count), in: index, wanted).first ?? []
        let pictures = IndexedPictures(index, data: dataSummary == nil ? nil : try readyData())
        let own = found.first { pictures.isSame($0.index, as: image, at: path) }?.index
        let queryClass = own.flatMap(index.className) ?? Self.folderClass(of: path, among: index.classes)
        let hits = found.filter { $0.index != own }.prefix(k).map { neighbour in
            let className = index.className(neighbour.index)
            return SearchHit(
                name: index.name(neighbour.index), className: className ?? "", similarity: Double(neighbour.similarity), image: pictures.image(neighbour.index),
                isSameClass: queryClass.flatMap { own in className.map { $0 == own } })
        }
        return SearchResult(query: image, queryClass: queryClass, hits: hits, isHyperbolic: false)
    }

    /// The rows of an index that are nearest to each row of a file of embeddings.
    /// - Throws: ``ExperimentError`` when one of the files is none, or their widths differ.
    public func search(embeddings path: String, k: Int, in wanted: IndexedSearch) throws -> BatchSearch {
        guard k >= 1 else { throw ExperimentError(.specification, "k=\(k) must be at least 1") }
        let (index, queries) = try reading { (try knownIndex(wanted.path), try GalleryIndex(path: path, withGraph: false, engine: engine())) }
        guard queries.rows.width == index.rows.width else {
            throw ExperimentError(.input, "\(path) holds rows of \(queries.rows.width) values, but \(wanted.path) rows of \(index.rows.width)")
        }
        guard k <= index.count else { throw ExperimentError(.specification, "k=\(k) is more than the \(index.count) rows of \(wanted.path)") }
        let began = Date()
        let found = try nearest(to: queries.rows, k: k, in: index, wanted)
        let seconds = -began.timeIntervalSinceNow
        var indices = [Int64](repeating: -1, count: queries.count * k)
        for (query, found) in found.enumerated() { for (place, neighbour) in found.enumerated() { indices[query * k + place] = Int64(neighbour.index) } }
        return BatchSearch(indices: indices, queries: queries.count, k: k, seconds: seconds, rows: index.count, isExact: wanted.isExact || index.graph == nil)
    }

    private func nearest(to queries: Tensor, k: Int, in index: GalleryIndex, _ wanted: IndexedSearch) throws -> [[NearestNeighbors.Neighbor]] {
        if let graph = index.graph, !wanted.isExact { return try graph.search(queries: queries, k: k, breadth: wanted.breadth, engine: engine()) }
        return try NearestNeighbors(engine: engine(), measure: .product).search(queries: queries, gallery: index.rows, k: k)
    }

    /// Reads the index unless it is the one that was read last.
    private func knownIndex(_ path: String) throws -> GalleryIndex {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        let (changed, size) = (attributes?[.modificationDate] as? Date, attributes?[.size] as? Int ?? 0)
        if let lastIndex, lastIndex.path == path, lastIndex.changed == changed, lastIndex.size == size { return lastIndex.index }
        let index = try GalleryIndex(path: path, engine: engine())
        lastIndex = KnownIndex(path: path, changed: changed, size: size, index: index)
        return index
    }
}

/// The pictures that rows of an index are called after, as far as they are there.
private struct IndexedPictures {
    private let index: GalleryIndex
    private let known: [String: DatasetItem]

    /// - Parameter data: the data set at hand, some of whose pictures the names may be.
    init(_ index: GalleryIndex, data: LoadedData?) {
        self.index = index
        // Names alone do not tell the variants of a data set apart.
        let items = data.flatMap { index.origin.hasPrefix($0.dataset.name + ", ") ? $0.dataset.test + $0.dataset.train + $0.dataset.validation : nil } ?? []
        known = Dictionary(items.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private func source(_ row: Int) -> DatasetItem.Source? {
        guard let name = index.names?[row] else { return nil }
        if let item = known[name] { return item.source }
        return index.root.map { .file(path: $0.isEmpty ? name : $0 + "/" + name) }
    }

    func image(_ row: Int) -> RGBImage? {
        source(row).flatMap { try? DatasetItem(name: index.name(row), source: $0, label: 0).image() }
    }

    /// Whether the row is the query itself: the same file, or a picture of the same pixels.
    func isSame(_ row: Int, as image: RGBImage, at path: String) -> Bool {
        if case .file(let own)? = source(row), URL(fileURLWithPath: own).standardizedFileURL == URL(fileURLWithPath: path).standardizedFileURL { return true }
        return self.image(row).map { $0 == image } ?? false
    }
}
