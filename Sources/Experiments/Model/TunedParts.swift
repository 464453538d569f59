internal import MetricLearning
internal import VisionTransformers

// What of a network learns, in the terms of the modules below.

extension TuningSpecification {
    var ofBackbone: BackboneTuning {
        switch self {
        case .frozen: .frozen
        case .bitfit: .biases
        case .full: .full
        case .fullButPatchEmbedding: .fullButPatchEmbedding
        }
    }
}

extension PromptSpecification {
    /// - Parameter depth: blocks of the backbone.
    func configuration(depth: Int) -> PromptConfiguration? {
        guard isOn else { return nil }
        switch placement {
        case .deep: return PromptConfiguration(layers: layers ?? depth, count: count, step: step)
        case .shallow: return PromptConfiguration(shallow: count)
        }
    }
}

extension AdapterSpecification {
    func configuration(depth: Int) -> AdapterConfiguration {
        AdapterConfiguration(
            placement: placement == .parallel ? .parallel : .sequential, layers: layers ?? depth, dim: dim, scale: Float(scale),
            norm: norm == .post ? .post : norm == .pre ? .pre : .none)
    }
}

extension LowRankSpecification {
    func configuration(depth: Int) -> LowRankConfiguration {
        LowRankConfiguration(rank: rank, targets: weights, alpha: Float(alpha ?? Double(rank)), layers: layers ?? depth)
    }

    /// The single maps that the targets stand for.
    var weights: [LowRankTarget] {
        targets.flatMap { target -> [LowRankTarget] in
            switch target {
            case .q: [.q]
            case .k: [.k]
            case .v: [.v]
            case .o: [.o]
            case .mlp: [.fc1, .fc2]
            }
        }
    }
}
