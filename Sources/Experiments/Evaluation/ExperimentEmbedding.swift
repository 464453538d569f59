internal import Foundation
internal import ImageData
internal import TensorEngine
internal import TensorFiles

/// What `embed` wrote.
public struct EmbeddingSummary: Codable, Equatable, Sendable {
    public var images: Int
    /// E.
    public var width: Int
}

extension Experiment {
    /// Writes one row a picture: a `.npy` file with the rows, or a safetensors file with `embeddings`, and for pictures of
    /// the data set `labels`, with the pictures' and classes' names in its metadata.
    /// - Parameters:
    ///   - images: a picture or a folder of pictures; nil takes a part of the data set.
    public func embed(
        to file: String, part: EvaluationOptions.Part = .test, images: String? = nil, progress: (Int, Int) -> Bool = { _, _ in true }
    ) throws -> EmbeddingSummary {
        let items = try images.map(Self.pictures(at:)) ?? readyData().items(part)
        let data = images == nil ? try readyData() : nil
        let rows = try embeddings(of: items, data: data, model: currentModel, progress: progress)
        return try agreed {
            try reading { try write(rows, of: items, part: images == nil ? part : nil, to: file) }
            return EmbeddingSummary(images: items.count, width: rows.width)
        }
    }

    /// - Parameter part: of the data set, whose labels are written too; nil for other pictures.
    private func write(_ rows: Tensor, of items: [DatasetItem], part: EvaluationOptions.Part?, to file: String) throws {
        if file.hasSuffix(".npy") { return try NPY.write(rows.array(), shape: rows.shape, to: file) }
        let array = NamedArray(name: "embeddings", shape: rows.shape, values: rows.array())
        var metadata = ["names": String(decoding: try JSONFile.encode(items.map(\.name)), as: UTF8.self)]
        var labels: [NamedIntegers] = []
        if let part {
            labels = [NamedIntegers(name: "labels", shape: [items.count], values: items.map { Int64($0.label) })]
            metadata["classes"] = String(decoding: try JSONFile.encode(readyData().classNames(part)), as: UTF8.self)
        }
        try SafeTensors.write([array], integers: labels, metadata: metadata, to: file)
    }

    private static let pictureEndings: Set<String> = ["jpg", "jpeg", "png", "webp"]

    /// The picture at `path`, or those below the folder there, in the order of their paths' bytes.
    static func pictures(at path: String) throws -> [DatasetItem] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw ExperimentError(.input, "there is no file or folder \(path)")
        }
        guard isFolder.boolValue else { return [DatasetItem(name: path, source: .file(path: path), label: 0)] }
        let inside = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        let names = inside
            .filter { name in !name.hasPrefix(".") && pictureEndings.contains((name as NSString).pathExtension.lowercased()) }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        guard !names.isEmpty else { throw ExperimentError(.input, "\(path) holds no pictures", help: ["JPEG, PNG and WebP are read"]) }
        return names.map { DatasetItem(name: $0, source: .file(path: path + "/" + $0), label: 0) }
    }
}
