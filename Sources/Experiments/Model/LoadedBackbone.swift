internal import EmbeddedAssets
internal import Foundation
internal import TensorEngine
internal import TensorFiles
internal import VisionTransformers

/// A backbone with its pretrained weights; what is tuned is tuned on a copy.
final class LoadedBackbone {
    let specification: BackboneSpecification
    let network: VisionTransformer
    let seed: UInt64
    /// For people: `weights far`, `$VPTSP_WEIGHTS: /data/vit.safetensors`, `random weights`.
    let origin: String
    /// SHA-256 of the weights' file; `random-<seed>` where there was none.
    let identity: String

    var configuration: ViTConfiguration { network.configuration }
    var isRandom: Bool { specification.isRandom }

    /// - Parameter seed: of random weights.
    /// - Throws: `ViTError`, `TensorFileError` when the weights are missing, damaged or of another network.
    init(_ specification: BackboneSpecification, seed: UInt64) throws {
        try specification.validate()
        self.specification = specification
        self.seed = seed
        let (configuration, source) = try Self.source(specification)
        let numbers = configuration.tensorShapes.reduce(0.0) { $0 + $1.shape.reduce(1.0) { $0 * Double($1) } }
        try MemoryBudget.machine.check(
            numbers * 4, for: "a network of \(configuration.dim) x \(configuration.depth), \(Int(numbers / 1e6)) M numbers of 4 bytes,",
            help: "use a smaller dim or depth")
        network = VisionTransformer(configuration: configuration, seed: seed)
        switch source {
        case .random:
            origin = "random weights, seed \(seed)"
            identity = "random-\(seed)"
        case .embedded(let path, let origin):
            identity = try SHA256.hash(file: path)
            try network.load(file: path)
            self.origin = origin
        case .found(let weights, let file):
            identity = try weights.checkedSHA256()
            try network.load(file)
            let other = file.otherImage(than: configuration).map { ", positions resampled from \($0) px" } ?? ""
            origin = "\(weights.origin): \(weights.path)\(specification.name == "vit" ? configuration.remarks : "")\(other)"
        }
    }

    private enum Source {
        case random
        case embedded(path: String, origin: String)
        case found(ResolvedWeights, WeightFile)

        static func found(_ weights: ResolvedWeights) throws -> Source { .found(weights, try WeightFile(path: weights.path)) }
    }

    private static func source(_ specification: BackboneSpecification) throws -> (ViTConfiguration, Source) {
        let weights = specification.weights
        switch specification.name {
        case "vit-nano":
            guard weights != "random" else { return (.nano, .random) }
            let set: EmbeddedAssets.VitNano? = weights == nil || weights == "far" ? .far : weights == "near" ? .near : nil
            if let set {
                return (.nano, .embedded(path: try EmbeddedAssets.vitNano(set).path, origin: "weights \(set)"))
            }
            return (.nano, try .found(given(weights)))
        case "vit":
            let shape = specification.shape ?? BackboneSpecification.Shape()
            guard let weights, weights != "random" else { return (try shape.untrainedConfiguration(), .random) }
            let resolved = try given(weights)
            let file = try WeightFile(path: resolved.path)
            return (try ViTFileDescription(file).configuration(shape.wishes), .found(resolved, file))
        default:
            guard let model = PretrainedBackbone(rawValue: specification.name) else {
                throw ExperimentError(
                    .specification, "there is no model `\(specification.name)`", help: ["load vit-nano, vit-s16, vit-b16, or vit with sizes of your own"])
            }
            let configuration = try specification.shape?.image.map(model.configuration.resized) ?? model.configuration
            if weights == "random" { return (configuration, .random) }
            return (configuration, try .found(WeightResolver().resolve(model, path: weights)))
        }
    }

    private static func given(_ path: String?) throws -> ResolvedWeights {
        // The resolver's checks of a path do not depend on the network it is for.
        try WeightResolver().resolve(.vitSmall16, path: path ?? "")
    }

    /// The network that a method trains: this one where nothing of it is tuned, else one whose tuned tensors are copies.
    func network(tuning: TuningSpecification) -> VisionTransformer {
        guard tuning != .frozen else { return network }
        let copy = VisionTransformer(configuration: configuration)
        copy.tune(tuning.ofBackbone)
        for (own, pretrained) in zip(copy.parameters, network.parameters) {
            own.value = own.isTrainable ? pretrained.value.copy() : pretrained.value
        }
        return copy
    }
}

/// What `load` found.
public struct BackboneSummary: Equatable, Sendable {
    public var name: String
    public var parameters: Int
    /// Side of the picture and of a patch, pixels; width, blocks and heads.
    public var image, patch, width, depth, heads: Int
    public var mlpRatio: Double
    public var activation: BackboneSpecification.Shape.Activation
    /// The pixel statistics that such weights were trained with, where the file's layout tells.
    public var normalization: AugmentationSpecification.Normalization?
    /// Where the weights came from.
    public var origin: String
    /// SHA-256 of the weights' file; `random-<seed>` where there was none.
    public var identity: String
}

extension LoadedBackbone {
    var summary: BackboneSummary {
        BackboneSummary(
            name: specification.name, parameters: network.parameters.reduce(0) { $0 + $1.value.count }, image: configuration.image,
            patch: configuration.patch, width: configuration.dim, depth: configuration.depth, heads: configuration.heads,
            mlpRatio: configuration.mlpRatio, activation: configuration.layout.activation == .gelu ? .gelu : .quickGELU,
            normalization: isRandom ? nil : configuration.layout.normalization, origin: origin, identity: identity)
    }
}
