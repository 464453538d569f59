internal import Foundation
internal import ImageData
internal import MetricLearning
internal import TensorEngine
internal import TensorFiles

/// What `index` wrote.
public struct IndexSummary: Equatable, Sendable {
    public var rows: Int
    /// E.
    public var width: Int
    /// Bytes of the file.
    public var bytes: Int
    /// Of building the graph alone.
    public var graphSeconds: Double
}

/// How `index` works.
public struct IndexOptions: Equatable, Sendable {
    public enum Kind: String, Codable, Sendable, CaseIterable { case hnsw, exact }

    public var kind: Kind
    /// Most links of a row, 2 to 256.
    public var links: Int
    /// Candidates that an insertion looks at, 4 to 10,000.
    public var breadth: Int

    public init(kind: Kind = .hnsw, links: Int = 16, breadth: Int = 100) {
        self.kind = kind
        self.links = links
        self.breadth = breadth
    }
}

extension Experiment {
    /// Writes an index of a part of the data set, of pictures, or of embeddings that are there already.
    /// - Parameters:
    ///   - source: a picture, a folder of pictures, or a file of embeddings; nil takes a part of the data set.
    ///   - progress: told what is under way (`embed`, `index`), how much of it is done and how much there is; false stops.
    /// - Throws: ``StoppedEarly``, ``ExperimentError``.
    public func index(
        to file: String, from source: String?, part: EvaluationOptions.Part = .test, options: IndexOptions = IndexOptions(),
        progress: (String, Int, Int) -> Bool = { _, _, _ in true }
    ) throws -> IndexSummary {
        let gallery = try reading { try rowsToIndex(from: source, part: part) { done, total in progress("embed", done, total) } }
        try MemoryBudget.machine.check(
            Double(gallery.rows.count) * 12, for: "an index of \(gallery.count) rows of \(gallery.rows.width)", help: "index fewer rows")
        let began = Date()
        var graph: NeighborGraph?
        if options.kind == .hnsw {
            let settings = NeighborGraph.Settings(links: options.links, breadth: options.breadth, seed: specification.seed)
            graph = try NeighborGraph(gallery.rows, settings: settings) { done in if !progress("index", done, gallery.count) { throw StoppedEarly() } }
        }
        let seconds = -began.timeIntervalSinceNow
        let index = GalleryIndex(
            rows: gallery.rows, names: gallery.names, labels: gallery.labels, classes: gallery.classes, root: gallery.root, model: gallery.model,
            origin: gallery.origin, graph: graph)
        try reading { try index.write(to: file) }
        let size = (try? FileManager.default.attributesOfItem(atPath: file)[.size] as? Int) ?? 0
        return IndexSummary(rows: index.count, width: index.rows.width, bytes: size, graphSeconds: seconds)
    }

    /// Rows and names, without a graph.
    private func rowsToIndex(from source: String?, part: EvaluationOptions.Part, progress: (Int, Int) -> Bool) throws -> GalleryIndex {
        if let source, Self.isEmbeddings(source) { return try GalleryIndex(path: source, withGraph: false, engine: engine()) }
        let model = currentModel
        guard (model?.model.space ?? .sphere) == .sphere else {
            throw ExperimentError(.specification, "`loss hyperbolic` compares by a distance that no index is made for", help: ["`search` without `index=` looks at every picture of the data set"])
        }
        let items = try source.map(Self.pictures(at:)) ?? readyData().items(part)
        let data = source == nil ? try readyData() : nil
        let rows = try embeddings(of: items, data: data, model: model, progress: progress)
        let root = Self.root(of: items)
        let names = items.map(\.name)
        guard let data else {
            return GalleryIndex(rows: rows, names: names, labels: nil, classes: [], root: root, model: try embeddingIdentity(), origin: source ?? "", graph: nil)
        }
        return GalleryIndex(
            rows: rows, names: names, labels: items.map(\.label), classes: data.classNames(part), root: root, model: try embeddingIdentity(),
            origin: "\(data.dataset.name), \(part.rawValue)", graph: nil)
    }

    /// Whether a file of that name is one of embeddings, not a picture.
    public static func isEmbeddings(_ path: String) -> Bool { [".npy", ".safetensors"].contains { path.lowercased().hasSuffix($0) } }

    /// The folder in which all names are paths, absolute; nil for pictures that are no files of their own.
    private static func root(of items: [DatasetItem]) -> String? {
        guard let first = items.first, case .file(let path) = first.source else { return nil }
        let whole = URL(fileURLWithPath: path).standardizedFileURL.path
        if first.name == path { return "" }
        guard whole.hasSuffix("/" + first.name) else { return nil }
        let root = String(whole.dropLast(first.name.utf8.count + 1))
        let isRoot = items.allSatisfy { item in
            if case .file(let path) = item.source { URL(fileURLWithPath: path).standardizedFileURL.path == root + "/" + item.name } else { false }
        }
        return isRoot ? root : nil
    }

    /// Equal for models that give a picture the same embedding: a hash over backbone, trained values, settings and how pictures are prepared.
    func embeddingIdentity() throws -> String {
        struct Identity: Encodable {
            let backbone: String
            let transform: ImageTransform
            var tensors: [String: String] = [:]
        }
        var identity = Identity(backbone: try readyBackbone().identity, transform: try transforms().evaluation)
        for (name, value) in currentModel?.model.savedTensors() ?? [] where !name.hasPrefix("proxy.") && name != "proxies" && name != "container" {
            identity.tensors[name] = try SHA256.hash { add in add(UnsafeRawBufferPointer(start: value.pointer, count: value.count * 4)) }
        }
        return try SHA256.hash(bytes: JSONFile.encode(identity))
    }
}
