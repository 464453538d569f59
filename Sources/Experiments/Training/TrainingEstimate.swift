internal import Foundation
internal import MetricLearning
internal import TensorEngine
internal import VisionTransformers

/// What a training will take, said before it begins; the time is rough.
public struct TrainingEstimate: Sendable {
    public var epochs: Int
    public var stepsPerEpoch: Int
    public var batch: Int
    /// Steps after which training ends although epochs are left.
    public var stepLimit: Int?
    /// Numbers that are trained.
    public var parameters: Int
    /// Bytes of a step at its largest.
    public var memory: Int
    /// From the operations of the network and the rate below; decoding of pictures, losses and optimiser are not in it.
    public var secondsPerEpoch: Double
    /// Operations a second that matrix products of this network's size reach here, measured in a moment.
    public var productRate: Double
}

extension Experiment {
    /// - Throws: ``ExperimentError`` without a model or data, and for a batch that the data cannot fill.
    public func trainingEstimate() throws -> TrainingEstimate {
        let (backbone, data) = (try readyBackbone(), try readyData())
        let options = specification.training
        try specification.validate(depth: backbone.configuration.depth)
        try options.validate(classSizes: data.trainingClassSizes)
        let images = data.trainingClassSizes.reduce(0, +)
        let stepsPerEpoch = max(1, images / max(options.batch, 1))
        let rate = try productRate(backbone.configuration)
        let operations = operations(backbone.configuration, classes: data.trainingClassSizes.count) * Double(stepsPerEpoch)
        return TrainingEstimate(
            epochs: options.epochs, stepsPerEpoch: stepsPerEpoch, batch: options.batch, stepLimit: options.steps, parameters: parameterCounts?.total ?? 0,
            memory: memoryEstimate ?? 0, secondsPerEpoch: operations / (rate * Self.reachedShare), productRate: rate)
    }

    /// Why products are slower here than they might be, in a sentence; nil where nobody holds them back.
    public var productRemark: String? { (try? engine())?.blasRemark }

    /// Of the products' rate, what whole steps reach: the rest goes into attention, norms and what lies between.
    private static let reachedShare = 0.6

    /// Multiplications and additions of a step.
    private func operations(_ vit: ViTConfiguration, classes: Int) -> Double {
        let options = specification.training
        var configuration = ModelSettings(specification).configuration(classes: classes, backbone: vit)
        // What adapters and updates compute themselves is little beside the way back through the blocks that they ask for.
        if configuration.adapters != nil || configuration.lowRank != nil, configuration.backbone == .frozen { configuration.backbone = .biases }
        (configuration.adapters, configuration.lowRank) = (nil, nil)
        return CountedProducts(network: vit, configuration: configuration).step(
            images: options.batch, classes: options.classesPerBatch, isFrugal: options.isFrugal) ?? 0
    }

    /// Of a product as large as the first of a block's hidden layer over a batch; about 50 ms.
    private func productRate(_ vit: ViTConfiguration) throws -> Double {
        let rows = min(vit.tokens * specification.training.batch, 4_096)
        return try engine().productRate(rows: rows, inputs: vit.dim, outputs: max(1, Int(Double(vit.dim) * vit.mlpRatio)), seconds: 0.05)
    }
}
