internal import TensorEngine

/// How the network's products are computed.
public struct PrecisionSpecification: Codable, Equatable, Sendable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        case f32
        case bf16
    }

    public enum Products: String, Codable, Sendable, CaseIterable {
        case openblas, onednn, tiles
        /// For each product the one that was seen to be faster on this machine.
        case measured
    }

    public var kind: Kind
    /// Whose; bf16 is oneDNN's.
    public var products: Products

    public static let standard = PrecisionSpecification(kind: .f32, products: .openblas)

    public init(kind: Kind, products: Products) {
        (self.kind, self.products) = (kind, kind == .f32 ? products : .onednn)
    }

    /// Why it is not to be had on this machine; nil when it is.
    public var unavailability: String? { Engine.unavailability(of: precision, library) }

    /// What is computed with here: this, or f32 by OpenBLAS where this is not to be had.
    var effective: PrecisionSpecification { unavailability == nil ? self : .standard }

    var precision: Precision {
        switch kind {
        case .f32: .f32
        case .bf16: .bf16
        }
    }

    /// What is not measured is run by it.
    var library: ProductLibrary { ProductLibrary(rawValue: products.rawValue) ?? .openblas }

    /// Numbers of 4 bytes, for each of a frozen weight's, that its layouts for products take (forward and backward).
    var packedShare: Double {
        switch effective.kind {
        case .f32:
            switch effective.products {
            case .openblas: 0
            case .tiles: 1.5
            case .onednn, .measured: 2
            }
        case .bf16: 1
        }
    }
}
