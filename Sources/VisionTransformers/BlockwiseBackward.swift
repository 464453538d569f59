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

    /// Whether a pass under these prompts gives anything in the network a gradient.
    public func learns(under prompts: PromptSet?) -> Bool { lowestLearner(prompts) != nil }

    /// The gradients of everything that learns in passes over the same images, a block at a time: each is computed again from what
    /// entered it, without the last product of its MLP, whose result entered the next one (Chen et al. 2016, with inputs out of memory).
    ///
    /// Gradients are those of one tape over all blocks of all passes, to the last bit.
    /// - Parameters:
    ///   - passes: in the order in which they were made
    ///   - images: (B, 3, image, image), asked for where something in front of the first block learns
    public func backward(_ passes: [Returning], images: () throws -> Tensor, engine: Engine) throws {
        var atFirst: [(pass: Returning, gradient: Tensor, known: Tensor?)] = []
        for pass in passes.reversed() {
            guard let lowest = lowestLearner(pass.prompts) else { continue }
            var (gradient, known): (Tensor?, Tensor?) = (pass.gradient, nil)
            for index in (max(lowest, 1)..<max(configuration.depth, 1)).reversed() {
                guard let outgoing = gradient else { break }
                let tape = Tape(engine: engine)
                let input = Parameter(name: "input of block \(index)", value: try pass.inputs.take(block: index), isTrainable: index > lowest)
                let output = try afterBlock(index, tape.parameter(input), firstQKV: nil, prompts: pass.prompts, known: known, tape: tape)
                try tape.backward(from: [(output, outgoing)])
                (gradient, known) = (input.gradient, input.value)
            }
            if lowest == 0, let gradient { atFirst.append((pass, gradient, known)) }
        }
        guard let shared = atFirst.last?.pass.inputs else { return }
        let tape = Tape(engine: engine)
        let tokens = try embeddingLearns ? self.tokens(images: images(), tape: tape) : projected(tape.constant(shared.take(block: 0)), tape: tape)
        let roots = try atFirst.reversed().map { pass, gradient, known in
            let own = try appending(pass.prompts?.staying, to: tokens, tape: tape)
            let output = try afterBlock(0, own.tokens, firstQKV: own.firstQKV, prompts: pass.prompts, known: known, tape: tape)
            return (variable: output, gradient: gradient)
        }
        try tape.backward(from: roots)
    }
}
