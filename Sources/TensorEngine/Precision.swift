/// How the products of a network are computed; sums, norms, softmax, losses and parameters are f32 in all of them.
public enum Precision: String, Codable, Sendable, CaseIterable {
    /// f32 throughout.
    case f32
    /// Operands in two parts of bf16 each, three products: f32 to about 2^-16, at the rate of bf16 hardware.
    case bf16x3
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

/// How the numbers of a tensor are held.
public enum ElementFormat: Sendable {
    case f32
    /// The upper half of an f32.
    case bf16

    var size: Int { self == .f32 ? 4 : 2 }
}

/// How a row of activations is laid out for a product; the numbers are VectorKernels'.
enum OperandFormat: Int32 {
    case f32 = 0
    case bf16 = 1
    /// Two matrices of bf16 one after the other: the values, and what rounding left of them.
    case split = 2

    /// Bytes of one value.
    var size: Int { self == .f32 ? 4 : self == .bf16 ? 2 : 4 }
}
