/// One picture of a data set and its class.
public struct DatasetItem: Sendable {
    /// Where the pixels come from.
    public enum Source: Sendable {
        case file(path: String)
        case tile(TileSheet, index: Int)
    }

    /// What messages and results call it: a path relative to the data set, or class and face of a tile.
    public let name: String
    public let source: Source
    /// Index of its class among those of its split, from 0.
    public let label: Int

    public init(name: String, source: Source, label: Int) {
        self.name = name
        self.source = source
        self.label = label
    }

    /// The decoded picture.
    /// - Throws: `ImageError` that names the file, also when it has vanished since the data set was listed.
    public func image() throws -> RGBImage {
        switch source {
        case .file(let path): try ImageDecoder.decode(path: path)
        case .tile(let sheet, let index): try sheet.tile(index)
        }
    }

    func relabeled(_ label: Int) -> DatasetItem { DatasetItem(name: name, source: source, label: label) }
}
