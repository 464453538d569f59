/// What one step reads.
public struct ImageBatch: Sendable {
    /// B x 3 x height x width.
    public let pixels: [Float]
    public let height: Int
    public let width: Int
    /// B labels, as in the items.
    public let labels: [Int]
    /// B positions in the loader's items.
    public let indices: [Int]

    public var count: Int { indices.count }
}
