import VectorKernels

/// A contiguous, row-major array of f32; what passes between the products of a network may be bf16.
///
/// A tensor is a reference to pooled storage: copies of the struct, `reshaped` and `rows` share it. Operations write
/// only into tensors that they made; `pointer` is for kernels and for filling a fresh tensor.
public struct Tensor: @unchecked Sendable {
    public let shape: [Int]
    public let count: Int
    public let format: ElementFormat
    var storage: Storage
    let offset: Int

    private init(shape: [Int], format: ElementFormat, storage: Storage, offset: Int) {
        self.shape = shape
        self.format = format
        count = shape.reduce(1, *)
        self.storage = storage
        self.offset = offset
    }

    /// Values are whatever the buffer held; for results that are written whole.
    public init(uninitialized shape: [Int], format: ElementFormat = .f32) {
        let count = shape.reduce(1, *)
        self.init(shape: shape, format: format, storage: Storage(format == .f32 ? count : (count + 1) / 2), offset: 0)
    }

    /// For what is kept in a 16-bit format of its own; `halfPointer` reaches it.
    init(sixteenBits shape: [Int]) { self.init(uninitialized: shape, format: .bf16) }

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

    public var pointer: UnsafeMutablePointer<Float> {
        precondition(format == .f32, "values in bf16 are read as f32")
        return storage.pointer + offset
    }
    /// The values of a tensor in bf16.
    var halfPointer: UnsafeMutablePointer<UInt16> {
        precondition(format == .bf16, "values in f32 are read as bf16")
        return UnsafeMutableRawPointer(storage.pointer).assumingMemoryBound(to: UInt16.self) + offset
    }
    /// The place of element `index`, whatever the format.
    func raw(at index: Int) -> UnsafeMutableRawPointer { UnsafeMutableRawPointer(storage.pointer) + (offset + index) * format.size }
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
        return Tensor(shape: shape, format: format, storage: storage, offset: offset)
    }

    /// Rows `range` of the first axis, sharing storage.
    public func rows(_ range: Range<Int>) throws -> Tensor {
        guard let extent = shape.first, range.lowerBound >= 0, range.upperBound <= extent else {
            throw EngineError("rows", "rows \(range) are not in shape \(shape)")
        }
        let inner = shape.dropFirst().reduce(1, *)
        return Tensor(shape: [range.count] + shape.dropFirst(), format: format, storage: storage, offset: offset + range.lowerBound * inner)
    }

    public func copy() -> Tensor {
        let result = Tensor(uninitialized: shape, format: format)
        switch format {
        case .f32: result.pointer.update(from: pointer, count: count)
        case .bf16: result.halfPointer.update(from: halfPointer, count: count)
        }
        return result
    }

    /// The same values in f32; itself where they are.
    func inF32() -> Tensor {
        guard format == .bf16 else { return self }
        let result = Tensor(uninitialized: shape)
        vk_from_bf16(halfPointer, result.pointer, Int64(count))
        return result
    }

    /// The same values in a format; itself where they are.
    public func held(in wanted: ElementFormat) -> Tensor {
        guard wanted != format else { return self }
        guard wanted == .bf16 else { return inF32() }
        let result = Tensor(uninitialized: shape, format: .bf16)
        vk_to_bf16(pointer, result.halfPointer, Int64(count))
        return result
    }

    /// To be called by whoever writes into a parameter's values in place: products keep frozen weights in a layout of their own.
    public func valuesChanged() { storage.dropPacks() }

    /// True when no value is NaN or infinite.
    public var isFinite: Bool { vk_all_finite(pointer, Int64(count)) == 1 }

    /// True when this is the only reference to the storage, so that writing into it surprises nobody.
    mutating func isUnique() -> Bool { isKnownUniquelyReferenced(&storage) }
}
