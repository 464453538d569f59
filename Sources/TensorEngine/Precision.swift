/// How the products of a network are computed; sums, norms, softmax, losses and parameters are f32 in all of them.
public enum Precision: String, Codable, Sendable, CaseIterable {
    /// f32 throughout.
    case f32
    /// Operands rounded to bf16; queries, keys, values and attention's output are held so.
    case bf16
}

/// Whose matrix products an engine runs. Bytes are equal within one choice.
public enum ProductLibrary: String, Codable, Sendable, CaseIterable {
    case openblas
    case onednn
    /// Our own on the processor's matrix tiles (Intel AMX), f32 as exact sums of integers: ``DigitWeight``.
    case tiles

    /// Rows of activations that a product likes to have at a time; nil for as many as are left once the threads have theirs. A weight that is laid
    /// out once stays in the caches beside few rows; OpenBLAS packs it for each chunk and likes more.
    var rows: Int? {
        switch self {
        case .openblas: nil
        case .onednn: 64
        case .tiles: 128
        }
    }
}

/// How the numbers of a tensor are held; the numbers of the cases are VectorKernels'.
public enum ElementFormat: Int32, Sendable {
    case f32 = 0
    /// The upper half of an f32.
    case bf16 = 1

    /// Bytes of one value.
    var size: Int { self == .f32 ? 4 : 2 }
}
