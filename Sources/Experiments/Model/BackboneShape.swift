internal import VisionTransformers

extension BackboneSpecification.Shape {
    /// Of a network without a weight file.
    func untrainedConfiguration() throws -> ViTConfiguration {
        let shape = filled(from: .untrained)
        guard let image = shape.image, let patch = shape.patch, let dim = shape.dim, let depth = shape.depth, let heads = shape.heads,
              let mlpRatio = shape.mlpRatio
        else { throw ExperimentError(.specification, "a network without weights needs all of its sizes") }
        return try ViTConfiguration(
            image: image, patch: patch, dim: dim, depth: depth, heads: heads, mlpRatio: mlpRatio,
            layout: ViTLayout(activation: shape.activation == .quickGELU ? .quickGELU : .gelu))
    }

    /// What was said beside a weight file.
    var wishes: ViTFileDescription.Wishes {
        ViTFileDescription.Wishes(
            image: image, patch: patch, dim: dim, depth: depth, heads: heads, mlpRatio: mlpRatio,
            activation: activation.map { $0 == .gelu ? .gelu : .quickGELU })
    }
}

extension ViTConfiguration {
    /// `, 6 heads, distillation token`: what a file's tensors, or their width, told.
    var remarks: String {
        let parts: [String?] = [
            "\(heads) heads", layout.isDistilled ? "distillation token" : nil, layout.registers > 0 ? "\(layout.registers) registers" : nil,
            layout.hasLayerScale ? "layer scale" : nil, layout.normalizesFirst ? "norm before the blocks, \(layout.activation.rawValue)" : nil,
        ]
        return parts.compactMap { $0 }.map { ", " + $0 }.joined()
    }
}

extension ViTLayout {
    /// Plain files may be of either kind of statistics; these layouts come with one.
    var normalization: AugmentationSpecification.Normalization? {
        if normalizesFirst { return .clip }
        return isDistilled || hasLayerScale || registers > 0 ? .imagenet : nil
    }
}
