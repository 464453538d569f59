import TensorEngine

extension MetricModel {
    /// The same step with the activations of one micro-batch at a time: the same loss and, but for the order in which
    /// f32 sums are taken, the same gradients for a batch of any size (the two-pass training of Patel et al., CVPR 2022).
    ///
    /// 1. The backbone turns the whole batch into features, a micro-batch at a time, and keeps nothing else. 2. Heads,
    /// proxies and loss work on these small matrices, which are leaves of a tape of their own, so that it ends in
    /// dLoss/dfeatures of both passes. 3. Each micro-batch runs once more and takes that gradient on. The last one need
    /// not: its activations are still there. Nothing runs again when no trained value feeds the backbone's features.
    ///
    /// A loss that is not finite leaves gradients as they were.
    /// - Parameters:
    ///   - labels: of the B images, as for a step on a whole batch
    ///   - microBatch: images at a time, 1 to B; the last micro-batch has what is left
    ///   - place: of the batch in its training, for what the step draws at random
    ///   - images: (n, 3, side, side), the images of a range of the batch; asked for each range in order, and then for all but
    ///     the last again, where it must give the same pixels
    public func step(
        labels: [Int], microBatch: Int, place: BatchPlace = BatchPlace(), engine: Engine, images: (Range<Int>) throws -> Tensor
    ) throws -> Step {
        guard microBatch >= 1, microBatch <= labels.count else {
            throw MetricLearningError("a micro-batch of \(microBatch) images for a batch of \(labels.count); expected 1 to \(labels.count)")
        }
        let groups = try semantic.map { _ in try SemanticProxies.Groups(labels: labels, classes: configuration.classes) }
        if let groups { try semantic?.rows?.load(groups.classes, engine: engine) }
        let pieces = Self.microBatches(of: labels.count, size: microBatch)
        func run(_ piece: Range<Int>, _ tape: Tape) throws -> Features {
            let pixels = try images(piece)
            guard pixels.shape.first == piece.count else {
                throw MetricLearningError("a micro-batch has images of shape \(pixels.shape) and \(piece.count) labels")
            }
            return try features(images: pixels, labels: Array(labels[piece]), tape: tape)
        }

        var whole = BatchFeatures(count: labels.count)
        for piece in pieces.dropLast() { whole.take(try run(piece, Tape(engine: engine, recording: false)), at: piece) }
        var last: (tape: Tape, features: Features)?
        if let piece = pieces.last {
            let tape = Tape(engine: engine)
            let features = try run(piece, tape)
            whole.take(features, at: piece)
            last = (tape, features)
        }

        let small = Tape(engine: engine)
        let step = try objective(whole.leaves(on: small), labels: labels, groups: groups, place: place, tape: small)
        guard step.loss.isFinite, whole.wantGradients, let piece = pieces.last else { return step }
        if let last { try last.tape.backward(from: whole.roots(last.features, at: piece)) }
        last = nil
        for piece in pieces.dropLast() {
            let tape = Tape(engine: engine)
            try tape.backward(from: whole.roots(run(piece, tape), at: piece))
        }
        return step
    }

    /// 0..<count in runs of `size`, the last one shorter where it does not divide.
    public static func microBatches(of count: Int, size: Int) -> [Range<Int>] {
        stride(from: 0, to: count, by: max(size, 1)).map { $0..<min($0 + max(size, 1), count) }
    }
}

/// The features of a whole batch, gathered from its micro-batches, as leaves that a loss can be taken of.
private struct BatchFeatures {
    let count: Int
    private var shared: Parameter?
    private var ofClasses: Parameter?

    init(count: Int) { self.count = count }

    var wantGradients: Bool { shared?.isTrainable == true || ofClasses?.isTrainable == true }

    mutating func take(_ features: MetricModel.Features, at piece: Range<Int>) {
        shared = filled(shared, features.shared, piece, name: "features")
        if let second = features.ofClasses { ofClasses = filled(ofClasses, second, piece, name: "features of classes") }
    }

    private func filled(_ old: Parameter?, _ part: Variable, _ piece: Range<Int>, name: String) -> Parameter {
        let width = part.value.width
        let target = old ?? Parameter(name: name, value: Tensor(uninitialized: [count, width]))
        (target.value.pointer + piece.lowerBound * width).update(from: part.value.pointer, count: piece.count * width)
        target.isTrainable = target.isTrainable || part.needsGradient
        return target
    }

    func leaves(on tape: Tape) throws -> MetricModel.Features {
        guard let shared else { throw MetricLearningError("a batch without images") }
        return MetricModel.Features(shared: tape.parameter(shared), ofClasses: ofClasses.map(tape.parameter))
    }

    /// A micro-batch's features with the rows of dLoss/dfeatures that are theirs.
    func roots(_ features: MetricModel.Features, at piece: Range<Int>) throws -> [(variable: Variable, gradient: Tensor)] {
        try [(features.shared, shared), (features.ofClasses, ofClasses)].compactMap { variable, leaf in
            guard let variable, let gradient = leaf?.gradient else { return nil }
            return (variable, try gradient.rows(piece))
        }
    }
}
