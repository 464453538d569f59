import TensorEngine

extension VisionTransformer {
    /// A pass over images whose block inputs were put aside, and what it has to take back.
    public struct Returning {
        let prompts: PromptSet?
        let inputs: BlockInputs
        /// dL/dfeatures, (B, D).
        let gradient: Tensor

        public init(prompts: PromptSet?, inputs: BlockInputs, gradient: Tensor) {
            (self.prompts, self.inputs, self.gradient) = (prompts, inputs, gradient)
        }
    }

    /// What was computed of a block before.
    struct KnownBlock {
        /// The stream after attention, and the log-sum-exps of that.
        var attended: (stream: Tensor, logSums: Tensor)?
        var output: Tensor?
    }

    /// Whether a block whose attention's result is known has no other use for that attention: where its input learns, and the projection does not.
    func remembersAttention(_ index: Int, above lowest: Int) -> Bool {
        let block = blocks[index]
        return index > lowest && (index < blocks.count - 1 || configuration.layout.isDistilled) && isPlain(.projection, block: index)
            && !block.projection.isTrainable && block.scale1 == nil
    }

    /// The gradients of everything that learns in passes over the same images, a block at a time: each is computed again from what
    /// entered it and its second half, without what is known by that: attention and its projection, and the last product of the MLP (Chen et al. 2016, with inputs out of memory).
    ///
    /// Gradients are those of one tape over all blocks of all passes, to the last bit.
    /// - Parameters:
    ///   - passes: in the order in which they were made
    ///   - images: (B, 3, image, image), asked for where something in front of the first block learns
    public func backward(_ passes: [Returning], images: () throws -> Tensor, engine: Engine) throws {
        var toFirst: [(pass: Returning, gradient: Tensor, known: Tensor?)] = []
        for pass in passes.reversed() {
            guard let lowest = lowestLearner(pass.prompts) else { continue }
            var (gradient, known): (Tensor?, Tensor?) = (pass.gradient, nil)
            for index in (max(lowest, 1)..<max(configuration.depth, 1)).reversed() {
                guard let outgoing = gradient else { break }
                let input = Parameter(name: "input of block \(index)", value: try pass.inputs.take(block: index), isTrainable: index > lowest)
                let attended = try remembersAttention(index, above: lowest)
                    ? (stream: pass.inputs.take(.attended, block: index), logSums: pass.inputs.take(.logSums, block: index)) : nil
                try backward(index, pass.prompts, known: KnownBlock(attended: attended, output: known), gradient: outgoing, engine: engine) { tape in
                    ImageTokens(tokens: tape.parameter(input), firstQKV: nil)
                }
                (gradient, known) = (input.gradient, input.value)
            }
            if lowest == 0, let gradient { toFirst.append((pass, gradient, known)) }
        }
        guard let inputs = toFirst.first?.pass.inputs else { return }

        // Block 0's projection of the images is made once, and has one gradient from all passes.
        let tape = Tape(engine: engine)
        let made = try embeddingLearns ? tokens(images: images(), tape: tape) : projected(tape.constant(inputs.take(block: 0)), tape: tape)
        let leaves = [made.tokens, made.firstQKV].map { variable in
            variable.map { Parameter(name: "tokens", value: $0.value, isTrainable: $0.needsGradient) }
        }
        for (pass, gradient, known) in toFirst {
            try backward(0, pass.prompts, known: KnownBlock(output: known), gradient: gradient, engine: engine) { tape in
                let entering = leaves.map { $0.map(tape.parameter) }
                return try appending(pass.prompts?.staying, to: ImageTokens(tokens: entering[0] ?? made.tokens, firstQKV: entering[1]), tape: tape)
            }
        }
        try tape.backward(from: zip([made.tokens, made.firstQKV], leaves).compactMap { variable, leaf in
            if let variable, let gradient = leaf?.gradient { (variable, gradient) } else { nil }
        })
    }

    /// Takes dL/d(what leaves a block) back through it.
    private func backward(
        _ index: Int, _ prompts: PromptSet?, known: KnownBlock, gradient: Tensor, engine: Engine, entering: (Tape) throws -> ImageTokens
    ) throws {
        let tape = Tape(engine: engine)
        let input = try entering(tape)
        let output = try afterBlock(index, input.tokens, firstQKV: input.firstQKV, prompts: prompts, known: known, tape: tape)
        try tape.backward(from: [(output, gradient)])
    }
}
