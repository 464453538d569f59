/// A tensor in a file: row-major values under a name.
public struct NamedArray: Hashable, Sendable {
    public var name: String
    public var shape: [Int]
    /// Row-major; as many as the product of `shape`.
    public var values: [Float]

    public init(name: String, shape: [Int], values: [Float]) {
        self.name = name
        self.shape = shape
        self.values = values
    }
}

/// A tensor of whole numbers in a file: labels, counters.
public struct NamedIntegers: Hashable, Sendable {
    public var name: String
    public var shape: [Int]
    public var values: [Int64]

    public init(name: String, shape: [Int], values: [Int64]) {
        self.name = name
        self.shape = shape
        self.values = values
    }
}

/// A tensor of bytes in a file: image pixels, packed state.
public struct NamedBytes: Hashable, Sendable {
    public var name: String
    public var shape: [Int]
    public var values: [UInt8]

    public init(name: String, shape: [Int], values: [UInt8]) {
        self.name = name
        self.shape = shape
        self.values = values
    }
}

/// The product of `shape`, or nil when it (or a dimension) is negative or does not fit in an Int.
package func elementCount(_ shape: [Int]) -> Int? {
    var product = 1
    for dimension in shape {
        let (next, overflow) = product.multipliedReportingOverflow(by: dimension)
        guard dimension >= 0, !overflow else { return nil }
        product = next
    }
    return product
}
