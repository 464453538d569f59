import VectorKernels

/// A contiguous, row-major array of f32.
///
/// A tensor is a reference to pooled storage: copies of the struct, `reshaped` and `rows` share it. Operations write
/// only into tensors that they made; `pointer` is for kernels and for filling a fresh tensor.
public struct Tensor: @unchecked Sendable {
    public let shape: [Int]
    public let count: Int
    var storage: Storage
    let offset: Int

    private init(shape: [Int], storage: Storage, offset: Int) {
        self.shape = shape
        count = shape.reduce(1, *)
        self.storage = storage
        self.offset = offset
    }

    /// Values are whatever the buffer held; for results that are written whole.
    public init(uninitialized shape: [Int]) {
        self.init(shape: shape, storage: Storage(shape.reduce(1, *)), offset: 0)
    }

    public init(zeros shape: [Int]) {
        self.init(uninitialized: shape)
        vk_fill(pointer, 0, Int64(count))
    }

    /// - Throws: `EngineError` when the number of values is not the product of `shape`.
    public init(_ values: [Float], shape: [Int]) throws {
        guard let product = Tensor.elementCount(shape), product == values.count else {
            throw EngineError("tensor", "\(values.count) values do not fill shape \(shape)")
        }
        self.init(uninitialized: shape)
        values.withUnsafeBufferPointer { buffer in
            if let base = buffer.baseAddress { pointer.update(from: base, count: buffer.count) }
        }
    }

    /// The product of `shape`; nil when it is negative somewhere or overflows.
    public static func elementCount(_ shape: [Int]) -> Int? {
        var product = 1
        for extent in shape {
            guard extent >= 0 else { return nil }
            let (next, overflow) = product.multipliedReportingOverflow(by: extent)
            if overflow { return nil }
            product = next
        }
        return product
    }

    public var pointer: UnsafeMutablePointer<Float> { storage.pointer + offset }
    /// The last extent; 1 for a scalar.
    public var width: Int { shape.last ?? 1 }
    /// Rows of `width` values.
    public var rowCount: Int { width == 0 ? 0 : count / width }

    public func array() -> [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

    /// The same values under another shape, sharing storage.
    public func reshaped(_ shape: [Int]) throws -> Tensor {
        guard Tensor.elementCount(shape) == count else {
            throw EngineError("reshape", "\(self.shape) holds \(count) values; \(shape) does not")
        }
        return Tensor(shape: shape, storage: storage, offset: offset)
    }

    /// Rows `range` of the first axis, sharing storage.
    public func rows(_ range: Range<Int>) throws -> Tensor {
        guard let extent = shape.first, range.lowerBound >= 0, range.upperBound <= extent else {
            throw EngineError("rows", "rows \(range) are not in shape \(shape)")
        }
        let inner = shape.dropFirst().reduce(1, *)
        return Tensor(shape: [range.count] + shape.dropFirst(), storage: storage, offset: offset + range.lowerBound * inner)
    }

    public func copy() -> Tensor {
        let result = Tensor(uninitialized: shape)
        result.pointer.update(from: pointer, count: count)
        return result
    }

    /// True when no value is NaN or infinite.
    public var isFinite: Bool { vk_all_finite(pointer, Int64(count)) == 1 }

    /// True when this is the only reference to the storage, so that writing into it surprises nobody.
    mutating func isUnique() -> Bool { isKnownUniquelyReferenced(&storage) }
}
