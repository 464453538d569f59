internal import MessagePassing
internal import MetricLearning
internal import VisionTransformers

/// How many values a specification trains, part by part (method section 6).
public struct ParameterCounts: Equatable, Sendable {
    public var head = 0
    /// O: C x E, times the proxies a class that the loss needs.
    public var proxies = 0
    public var prompts = 0
    public var adapters = 0
    /// Factors of low-rank updates.
    public var lora = 0
    /// Of all classes together.
    public var classPrompts = 0
    public var proxyHead = 0
    public var gru = 0
    /// Tuned values of the backbone.
    public var backbone = 0

    public var total: Int { head + proxies + prompts + adapters + lora + classPrompts + proxyHead + gru + backbone }

    /// The parts that there are, by name.
    public var parts: [(name: String, count: Int)] {
        [
            ("head", head), ("proxies", proxies), ("prompts", prompts), ("adapters", adapters), ("lora", lora), ("class prompts", classPrompts), ("proxy head", proxyHead), ("gru", gru),
            ("backbone", backbone),
        ].filter { $0.1 > 0 }
    }

    /// - Parameter classes: C; nil while no data is chosen leaves out what there is one of for each class.
    init(_ specification: ExperimentSpecification, backbone: ViTConfiguration, classes: Int?) {
        let (d, e) = (backbone.dim, specification.head.embeddingWidth(backbone: backbone.dim))
        let classes = classes ?? 0
        let headCount = specification.head.parameterCount(backbone: d)
        head = headCount
        proxies = classes * e * specification.loss.proxiesPerClass
        if let made = specification.prompts.configuration(depth: backbone.depth) {
            prompts = totalTokens(layers: made.layers, count: made.count, step: made.step) * d
        }
        if let made = specification.adapter?.configuration(depth: backbone.depth) {
            adapters = made.layers * (2 * made.dim * d + made.dim + d + (made.norm == .none ? 0 : 2 * d))
        }
        if let made = specification.lora?.configuration(depth: backbone.depth) {
            lora = made.targets.reduce(0) { sum, target in
                let shape = target.shape(in: backbone)
                return sum + made.layers * made.rank * (shape.in + shape.out)
            }
        }
        if specification.proxies.hasClassPrompts {
            let tokens = totalTokens(
                layers: specification.proxies.layers ?? backbone.depth, count: specification.proxies.count, step: specification.proxies.step)
            classPrompts = classes * tokens * d
        }
        if specification.proxies.isSemantic {
            proxyHead = headCount
            if specification.proxies.integration == .gru { gru = 6 * e * e + 3 * e }
        }
        self.backbone = backbone.tensorShapes.reduce(0) { sum, tensor in
            specification.tuning.ofBackbone.trains(tensor.name) ? sum + tensor.shape.reduce(1, *) : sum
        }
    }
}

extension Experiment {
    /// What the specification trains; nil while no model is loaded.
    public var parameterCounts: ParameterCounts? {
        guard let depth = backboneSummary?.depth, let backbone, depth > 0 else { return nil }
        return ParameterCounts(specification, backbone: backbone.configuration, classes: dataSummary?.trainClasses)
    }

    /// The largest memory of a training step, bytes, to about 10 %: weights, what the optimiser remembers, gradients while micro-batches are
    /// summed, what the backward pass keeps of each picture and what passes by while one is computed.
    public var memoryEstimate: Int? {
        guard let counts = parameterCounts, let backbone else { return nil }
        let training = specification.training
        let pieces = MicroBatchShare.microBatches(of: training.batch, size: training.microBatchSize).count
        let atOnce = min(training.microBatchSize, training.batch)
        let held = Double(picturesOfThisProcess)
        // Value, gradient, the optimiser's memory and a spare; of the tree over micro-batches one sum a level.
        let levels = Double(Int.bitWidth - (max(pieces, 1) - 1).leadingZeroBitCount)
        // With `memory=low` the gradients of a micro-batch come about beside those that wait, block by block.
        let sets = 4 + levels + (training.isFrugal && pieces > 1 ? 2 : 0)
        var inMemory = Double(counts.total) * sets
        if specification.proxies.update == .touched, let classes = dataSummary?.trainClasses, classes > 0 {
            // The rows of a batch: values, gradients twice while they are summed; those of the other classes are on disk.
            let rows = Double(counts.classPrompts / classes * specification.training.classesPerBatch)
            inMemory += rows * 3 - Double(counts.classPrompts) * sets
        }
        inMemory += numbersLaidOut(backbone)
        let vit = backbone.configuration
        let kept = training.isFrugal ? Double(atOnce) * specification.frugalNumbers(vit) : held * specification.activationNumbers(vit)
        // What the loader has ready, as the network takes it.
        let ready = Double(2 * atOnce * 3 * vit.image * vit.image)
        let pictures = kept + Double(atOnce) * specification.passingNumbers(vit) + ready
        let values = Double(backbone.summary.parameters) + inMemory + pictures
        return values * 4 < 1e18 ? Int(values * 4) + Self.programMemory : .max
    }

    /// Of a batch, at most.
    var picturesOfThisProcess: Int {
        let training = specification.training
        let pieces = MicroBatchShare.microBatches(of: training.batch, size: training.microBatchSize).count
        let share = MicroBatchShare.range(of: pieces, rank: 0, count: group?.count ?? 1).count
        return min(training.microBatchSize * share, training.batch)
    }

    /// Bytes of the program itself with a small data set.
    private static let programMemory = 80 << 20
}
