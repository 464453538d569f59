internal import Foundation
internal import MetricLearning
internal import TensorEngine
internal import TensorFiles

/// Unit rows to search in, with what they are called, and a neighbour graph where searches shall not look at all of them.
///
/// As a file: safetensors with `embeddings` (N, E), maybe `labels`, `hnsw.levels` and `hnsw.links`; names, classes and settings in
/// the metadata, and the SHA-256 of the tensors. A file that `embed` wrote is an index without a graph.
struct GalleryIndex {
    /// (N, E), each of length 1.
    let rows: Tensor
    /// Of each row; nil for rows that were given without.
    let names: [String]?
    /// Of each row its class among `classes`; nil where that is not known.
    let labels: [Int]?
    let classes: [String]
    /// The folder that names are paths in; nil where they are none.
    let root: String?
    /// ``Experiment/embeddingIdentity()`` of the model that made the rows; nil where that is not known.
    let model: String?
    /// What the rows are of, for people.
    let origin: String
    let graph: NeighborGraph?

    var count: Int { rows.rowCount }

    func name(_ row: Int) -> String { names?[row] ?? "row \(row)" }
    func className(_ row: Int) -> String? { labels.flatMap { classes.indices.contains($0[row]) ? classes[$0[row]] : nil } }

    private static let form = "vptsp index 1"

    // MARK: File

    /// Writes it, whole or not at all.
    /// - Throws: `TensorFileError` when the disk refuses, ``ExperimentError`` for more names than the form holds.
    func write(to path: String) throws {
        let values = rows.array()
        let integers = labels.map { [NamedIntegers(name: "labels", shape: [count], values: $0.map { Int64($0) })] } ?? []
        var bytes: [NamedBytes] = []
        var metadata = ["format": Self.form, "origin": origin, "classes": String(decoding: try JSONFile.encode(classes), as: UTF8.self)]
        if let graph {
            let structure = graph.structure
            bytes.append(NamedBytes(name: "hnsw.levels", shape: [count], values: structure.levels))
            let words = structure.links.map(\.littleEndian).withUnsafeBytes { Array($0) }
            bytes.append(NamedBytes(name: "hnsw.links", shape: [words.count], values: words))
            metadata["hnsw"] = String(decoding: try JSONFile.encode(graph.settings), as: UTF8.self)
        }
        if let names { metadata["names"] = String(decoding: try JSONFile.encode(names), as: UTF8.self) }
        if let root { metadata["root"] = root }
        if let model { metadata["model"] = model }
        metadata["sha256"] = try Self.hash(values, labels: integers.first?.values, bytes: bytes)
        guard metadata.values.reduce(0, { $0 + $1.utf8.count }) < 60_000_000 else {
            throw ExperimentError(.input, "\(path): the names of \(count) rows are more than the 60 MB that a file holds", help: ["shorter names, or rows without names: an .npy file"])
        }
        try SafeTensors.write([NamedArray(name: "embeddings", shape: rows.shape, values: values)], integers: integers, bytes: bytes, metadata: metadata, to: path)
    }

    /// Over values, labels and graph, in this order.
    private static func hash(_ values: [Float], labels: [Int64]?, bytes: [NamedBytes]) throws -> String {
        try SHA256.hash { add in
            values.withUnsafeBytes(add)
            labels?.withUnsafeBytes(add)
            for piece in bytes.sorted(by: { $0.name < $1.name }) { piece.values.withUnsafeBytes(add) }
        }
    }

    /// Reads an index, or embeddings that are none yet: an `.npy` file, or a safetensors file with `embeddings`.
    /// - Parameter withGraph: reads the graph too, where there is one.
    /// - Throws: ``ExperimentError`` and `TensorFileError` for a file that is damaged or no index; nothing in it is believed unchecked.
    init(path: String, withGraph: Bool = true, engine: Engine) throws {
        if path.lowercased().hasSuffix(".npy") {
            let array = try NPY.read(path: path)
            self.init(
                rows: try Self.unit(array, path: path, engine: engine), names: nil, labels: nil, classes: [], root: nil, model: nil,
                origin: path, graph: nil)
            return
        }
        let file = try SafeTensorsFile(path: path)
        guard let entry = file.entry("embeddings") else {
            throw ExperimentError(.input, "\(path) holds no `embeddings`: it is no index", help: ["`index \"gallery.safetensors\"` makes one, `embed` one without a graph"])
        }
        try MemoryBudget.machine.check(Double(entry.count) * 8, for: "reading \(path), \(entry.count) numbers,", help: "use an index of fewer rows")
        let array = try file.array("embeddings")
        let labels = file.entry("labels") == nil ? nil : try file.integers("labels").values
        let bytes = try file.names.filter { $0.hasPrefix("hnsw.") }.map(file.bytes)
        let metadata = file.metadata
        if let expected = metadata["sha256"], try expected != Self.hash(array.values, labels: labels, bytes: bytes) {
            throw ExperimentError(.input, "\(path) is damaged: its values are not those that were written", help: ["make it again with `index`"])
        }
        // Rows of an index are of length 1 already.
        let rows = try Self.unit(array, path: path, isUnit: metadata["format"] == Self.form, engine: engine)
        func list(_ name: String) throws -> [String]? { try metadata[name].map { try JSONFile.decode([String].self, from: Array($0.utf8), name: "\(path): `\(name)`") } }
        let (names, classes) = (try list("names"), try list("classes") ?? [])
        guard names.map({ $0.count == rows.rowCount }) ?? true, labels.map({ $0.count == rows.rowCount }) ?? true else {
            throw ExperimentError(.input, "\(path) is no index: \(rows.rowCount) embeddings, \(names?.count ?? 0) names, \(labels?.count ?? 0) labels")
        }
        var graph: NeighborGraph?
        if withGraph, let text = metadata["hnsw"] {
            let settings = try JSONFile.decode(NeighborGraph.Settings.self, from: Array(text.utf8), name: "\(path): `hnsw`")
            graph = try Self.graph(bytes, rows, settings, path: path)
        }
        self.init(
            rows: rows, names: names, labels: labels?.map { Int(truncatingIfNeeded: $0) }, classes: classes, root: metadata["root"],
            model: metadata["model"], origin: metadata["origin"] ?? path, graph: graph)
    }

    private static func graph(_ bytes: [NamedBytes], _ rows: Tensor, _ settings: NeighborGraph.Settings, path: String) throws -> NeighborGraph {
        guard let levels = bytes.first(where: { $0.name == "hnsw.levels" })?.values, let words = bytes.first(where: { $0.name == "hnsw.links" })?.values, words.count % 4 == 0 else {
            throw ExperimentError(.input, "\(path) is damaged: it names a graph and does not hold it", help: ["make it again with `index`"])
        }
        let links = words.withUnsafeBytes { words in (0..<words.count / 4).map { UInt32(littleEndian: words.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)) } }
        do {
            return try NeighborGraph(rows, settings: settings, structure: .init(levels: levels, links: links))
        } catch let error as MetricLearningError {
            throw ExperimentError(.input, "\(path) is damaged: \(error.description)", help: ["make it again with `index`"])
        }
    }

    init(rows: Tensor, names: [String]?, labels: [Int]?, classes: [String], root: String?, model: String?, origin: String, graph: NeighborGraph?) {
        (self.rows, self.names, self.labels, self.classes) = (rows, names, labels, classes)
        (self.root, self.model, self.origin, self.graph) = (root, model, origin, graph)
    }

    /// Rows of length 1.
    private static func unit(_ array: NamedArray, path: String, isUnit: Bool = false, engine: Engine) throws -> Tensor {
        guard array.shape.count == 2, array.shape[0] > 0, array.shape[1] > 0 else {
            throw ExperimentError(.input, "\(path) holds embeddings of shape \(array.shape); rows of values are asked for, (N, E)")
        }
        let rows = try Tensor(array.values, shape: array.shape)
        guard rows.isFinite else { throw ExperimentError(.input, "\(path) holds embeddings that are not finite") }
        if isUnit { return rows }
        let tape = Tape(engine: engine, recording: false)
        return tape.normalizeRows(tape.constant(rows)).value
    }
}
