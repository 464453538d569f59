import TensorEngine
import VisionTransformers

/// A bottleneck in each of the last blocks of the backbone.
public struct AdapterConfiguration: Codable, Equatable, Sendable {
    public var placement: BlockAdapter.Placement
    /// Blocks with an adapter, from the last on.
    public var layers: Int
    /// Width of the bottleneck.
    public var dim: Int
    /// What its output is multiplied by, after the norm.
    public var scale: Float
    public var norm: BlockAdapter.Norm

    public init(
        placement: BlockAdapter.Placement = .parallel, layers: Int = 7, dim: Int = 256, scale: Float = 1, norm: BlockAdapter.Norm = .post
    ) {
        (self.placement, self.layers, self.dim, self.scale, self.norm) = (placement, layers, dim, scale, norm)
    }

    /// `adapters.<block>.{down,up}.{weight,bias}` and `adapters.<block>.norm.{weight,bias}`, by block. `down` is
    /// Kaiming-uniform with a = sqrt 5; `up` and the biases are zero, so that without a norm behind it training starts
    /// from the frozen network's own function.
    /// - Throws: `MetricLearningError` when a size is out of range or the backbone has fewer blocks.
    func adapters(backbone: ViTConfiguration, seed: UInt64) throws -> [Int: BlockAdapter] {
        guard layers >= 1, layers <= backbone.depth else {
            throw MetricLearningError("adapters in \(layers) blocks, but the backbone has \(backbone.depth)")
        }
        guard dim >= 1, dim <= 100_000 else { throw MetricLearningError("adapter dim is \(dim); expected 1 to 100,000") }
        guard scale.isFinite else { throw MetricLearningError("adapter scale is \(scale); expected a number") }
        let width = backbone.dim
        let made = (backbone.depth - layers..<backbone.depth).map { block in
            func affine(_ part: String, _ weight: Tensor, _ size: Int) -> BlockAdapter.Affine {
                let name = "adapters.\(block).\(part)"
                return BlockAdapter.Affine(
                    weight: Parameter(name: name + ".weight", value: weight, isTrainable: true),
                    bias: Parameter(name: name + ".bias", value: Tensor(zeros: [size]), isTrainable: true))
            }
            let down = Initialization.kaimingUniform([dim, width], seed: seed, name: "adapters.\(block).down.weight")
            return (block, BlockAdapter(
                placement: placement, normPlace: norm, scale: scale, down: affine("down", down, dim),
                up: affine("up", Tensor(zeros: [width, dim]), width),
                norm: norm == .none ? nil : affine("norm", Initialization.constant(1, [width]), width)))
        }
        return Dictionary(uniqueKeysWithValues: made)
    }
}
