internal import MetricLearning

/// What the paper's rivals bring beyond what is trained: a head, a loss, and how their programs train with it.
struct RivalMethod {
    let head: HeadSpecification
    let loss: LossSpecification
    let optimizer: OptimizerSpecification
}

extension MethodPreset {
    /// Nil for the methods that leave head, loss and optimiser to the script.
    var rival: RivalMethod? {
        switch self {
        case .hypViT:
            // The authors' program (htdt/hyp_metric): AdamW at 3e-5 for a ViT-S/16, PyTorch's weight decay, gradients clipped to norm 3.
            RivalMethod(
                head: HeadSpecification(dim: 128, initialization: .orthogonal, normalization: .none), loss: .hyperbolic,
                optimizer: OptimizerSpecification(kind: .adamw, rate: 3e-5, weightDecay: 0.01, clipping: .norm(3)))
        case .rsAtK:
            // The authors' program (yash0307/RecallatK_surrogate): AdamW at 5e-5 for a ViT-B/16 on SOP and iNaturalist, its weight decay.
            RivalMethod(
                head: HeadSpecification(), loss: .recallAtK, optimizer: OptimizerSpecification(kind: .adamw, rate: 5e-5, weightDecay: 4e-4))
        case .linear, .bitfit, .adapter, .lora, .vpt, .vptspM, .vptspG, .full: nil
        }
    }
}
