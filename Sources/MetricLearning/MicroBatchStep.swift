public import MessagePassing
import TensorEngine
import VisionTransformers

extension MetricModel {
    /// The same step a micro-batch at a time: the same loss and, but for the order in which f32 sums are taken, the same
    /// gradients for a batch of any size.
    ///
    /// 1. The backbone turns the micro-batches into features. 2. Heads, proxies and loss work on these small matrices, which are
    /// leaves of a tape of their own, so that it ends in dLoss/dfeatures of both passes. 3. Each micro-batch takes that gradient on,
    /// and what they give is added up in a fixed tree (``GradientTree``). The step holds the activations of all micro-batches; or, with a file for what
    /// enters the blocks, those of one block of one micro-batch, which are computed again from it.
    ///
    /// Bytes depend on `microBatch`, and neither on the file nor on the processes. A loss that is not finite leaves gradients as they were.
    /// - Parameters:
    ///   - labels: of the B images, as for a step on a whole batch
    ///   - microBatch: images at a time, 1 to B; the first micro-batch has what is left over
    ///   - inputs: for what enters the blocks; nil keeps activations
    ///   - place: of the batch in its training, for what the step draws at random
    ///   - group: processes that share the micro-batches (``MicroBatchShare``): each is at the same step of the same model, and has the
    ///     same gradients afterwards
    ///   - images: (n, 3, side, side), the images of a range of the batch; asked for each range of this process in order, and with
    ///     `inputs`, where the loss is finite and something in front of the first block learns (``VisionTransformer/embeddingLearns``), for all of them again: it must give the same pixels
    public func step(
        labels: [Int], microBatch: Int, inputs: BlockInputFile? = nil, place: BatchPlace = BatchPlace(), group: ProcessGroup? = nil,
        engine: Engine, images: (Range<Int>) throws -> Tensor
    ) throws -> Step {
        guard microBatch >= 1, microBatch <= labels.count else {
            throw MetricLearningError("a micro-batch of \(microBatch) images for a batch of \(labels.count); expected 1 to \(labels.count)")
        }
        let groups = try semantic.map { _ in try SemanticProxies.Groups(labels: labels, classes: configuration.classes) }
        if let groups { try semantic?.rows?.load(groups.classes, group: group, engine: engine) }
        let pieces = MicroBatchShare.microBatches(of: labels.count, size: microBatch)
        let own = group.map { MicroBatchShare.range(of: pieces.count, rank: $0.rank, count: $0.count) } ?? pieces.indices
        defer { StoragePool.shared.lendLarger(upTo: 1) }
        func pixels(_ index: Int) throws -> Tensor {
            // A short one would take memory of its own beside what the others have left free.
            if inputs != nil { StoragePool.shared.lendLarger(upTo: (microBatch + pieces[index].count - 1) / pieces[index].count) }
            let pixels = try images(pieces[index])
            guard pixels.shape.first == pieces[index].count else {
                throw MetricLearningError("a micro-batch has images of shape \(pixels.shape) and \(pieces[index].count) labels")
            }
            return pixels
        }
        // Whether something in the backbone learns, by pass.
        let learning = passes(labels: labels).map(backbone.learns)
        func aside(_ index: Int) -> ((Int) -> BlockInputs)? {
            guard let inputs, learning.contains(true) else { return nil }
            return { BlockInputs(inputs, microBatch: index, pass: $0) }
        }

        var whole = BatchFeatures(count: labels.count)
        var kept: [Int: (tape: Tape, features: Features)] = [:]
        for index in own {
            let tape = Tape(engine: engine, recording: inputs == nil)
            let features = try features(images: pixels(index), labels: Array(labels[pieces[index]]), puttingAside: aside(index), tape: tape)
            whole.take(features, learning: learning, at: pieces[index])
            if inputs == nil { kept[index] = (tape, features) }
        }
        if let group { try whole.complete(group, pieces: pieces, width: backbone.configuration.dim) }

        let small = Tape(engine: engine)
        let step = try objective(whole.leaves(on: small), labels: labels, groups: groups, place: place, tape: small)
        if let group { try group.requireSameLoss(step.loss) }
        guard step.loss.isFinite, whole.wantGradients else { return step }

        let targets = insideTargets(classes: groups?.classes)
        let earlier = targets.map(\.parameter.gradient)
        for target in targets { target.parameter.gradient = nil }
        var tree = GradientTree(leaves: pieces.count, targets: targets, engine: engine)
        for index in own {
            let gradients = try whole.gradients(at: pieces[index])
            if let aside = aside(index) {
                let returning = zip(passes(labels: Array(labels[pieces[index]])), gradients).enumerated().compactMap { number, pass in
                    pass.1.map { VisionTransformer.Returning(prompts: pass.0, inputs: aside(number), gradient: $0) }
                }
                try backbone.backward(returning, images: { try pixels(index) }, engine: engine)
            } else if let (tape, features) = kept.removeValue(forKey: index) {
                try tape.backward(from: zip([features.shared, features.ofClasses], gradients).compactMap { variable, gradient in
                    if let variable, let gradient { (variable, gradient) } else { nil }
                })
            }
            tree.take(leaf: index)
        }
        for (target, gradient) in zip(targets, earlier) { target.parameter.gradient = gradient }
        try tree.finish(group)
        return step
    }

    /// What learns inside the backbone. Of class prompts that are in memory for all classes the batch's alone have a gradient.
    private func insideTargets(classes: [Int]?) -> [GradientTree.Target] {
        let ofClasses = Set((semantic?.prompts ?? []).map { ObjectIdentifier($0) })
        let inMemory = trainableInsideBackbone.map { (parameter: $0, rows: ofClasses.contains(ObjectIdentifier($0)) ? classes : nil) }
        return inMemory + (semantic?.rows?.batch ?? []).filter(\.isTrainable).map { (parameter: $0, rows: nil) }
    }
}

extension ProcessGroup {
    /// All computed the loss from the same numbers with the same program, so that it differs where something else does.
    fileprivate func requireSameLoss(_ loss: Float) throws {
        let bits = withUnsafeBytes(of: loss.bitPattern) { Array($0) }
        guard let other = gather(bits).firstIndex(where: { $0 != bits }) else { return }
        throw MetricLearningError("process \(other) has another loss for this batch than process \(rank): they do not train the same model")
    }
}

/// The features of a whole batch, gathered from its micro-batches, as leaves that a loss can be taken of.
private struct BatchFeatures {
    let count: Int
    private var shared: Parameter?
    private var ofClasses: Parameter?

    init(count: Int) { self.count = count }

    var wantGradients: Bool { shared?.isTrainable == true || ofClasses?.isTrainable == true }

    /// - Parameter learning: whether something in the backbone learns from each pass
    mutating func take(_ features: MetricModel.Features, learning: [Bool], at piece: Range<Int>) {
        shared = filled(shared, features.shared, learning[0], piece, name: "features")
        if let second = features.ofClasses { ofClasses = filled(ofClasses, second, learning[1], piece, name: "features of classes") }
    }

    private func filled(_ old: Parameter?, _ part: Variable, _ learns: Bool, _ piece: Range<Int>, name: String) -> Parameter {
        let width = part.value.width
        let target = old ?? Parameter(name: name, value: Tensor(uninitialized: [count, width]))
        (target.value.pointer + piece.lowerBound * width).update(from: part.value.pointer, count: piece.count * width)
        target.isTrainable = target.isTrainable || learns
        return target
    }

    /// Brings the rows of the micro-batches that other processes have computed.
    mutating func complete(_ group: ProcessGroup, pieces: [Range<Int>], width: Int) throws {
        // The first process has a micro-batch even where others have none.
        let form = group.broadcast([shared?.isTrainable == true ? 1 : 0, ofClasses == nil ? 0 : 1, ofClasses?.isTrainable == true ? 1 : 0])
        func made(_ old: Parameter?, _ name: String) -> Parameter { old ?? Parameter(name: name, value: Tensor(uninitialized: [count, width])) }
        shared = made(shared, "features")
        shared?.isTrainable = form[0] == 1
        if form[1] == 1 {
            ofClasses = made(ofClasses, "features of classes")
            ofClasses?.isTrainable = form[2] == 1
        }
        let rows = (0..<group.count).map { rank in
            let own = MicroBatchShare.range(of: pieces.count, rank: rank, count: group.count)
            let start = own.lowerBound < pieces.count ? pieces[own.lowerBound].lowerBound : count
            return start..<(own.isEmpty ? start : pieces[own.upperBound - 1].upperBound)
        }
        for matrix in [shared, ofClasses].compactMap({ $0 }) {
            try group.complete(matrix.value.pointer, ranges: rows.map { $0.lowerBound * width..<$0.upperBound * width })
        }
    }

    func leaves(on tape: Tape) throws -> MetricModel.Features {
        guard let shared else { throw MetricLearningError("a batch without images") }
        return MetricModel.Features(shared: tape.parameter(shared), ofClasses: ofClasses.map(tape.parameter))
    }

    /// The rows of dLoss/dfeatures that are a micro-batch's, of each pass; nil where nobody wants them.
    func gradients(at piece: Range<Int>) throws -> [Tensor?] {
        try [shared, ofClasses].map { try $0?.gradient?.rows(piece) }
    }
}
