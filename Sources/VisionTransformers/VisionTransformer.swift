import Foundation
import RandomStreams
import TensorEngine

/// Which of the backbone's own tensors learn.
public enum BackboneTuning: String, Codable, Sendable, CaseIterable {
    case frozen
    /// Every bias (BitFit, Ben Zaken et al. 2022).
    case biases
    case full
    /// All but the patch projection, as Hyp-ViT trains (Ermolov et al. 2022).
    case fullButPatchEmbedding
}

extension BackboneTuning {
    /// Whether a tensor learns, by its timm name.
    public func trains(_ name: String) -> Bool {
        switch self {
        case .frozen: false
        case .biases: name.hasSuffix("bias")
        case .full: true
        case .fullButPatchEmbedding: !name.hasPrefix("patch_embed.")
        }
    }
}

/// timm's pre-norm Vision Transformer: patches, [CLS], positions; `x += attn(LN1 x)`, `x += mlp(LN2 x)` in each block; a last
/// layer norm; the CLS token. LayerNorm epsilon 1e-6, exact GELU; other layouts differ as ``ViTLayout`` says.
public final class VisionTransformer {
    public let configuration: ViTConfiguration
    /// All tensors in timm's order, named `backbone.<timm name>`.
    public let parameters: [Parameter]
    /// Adapters and low-rank updates of the blocks.
    public let insertions: BlockInsertions

    let embedding: TokenEmbedding
    let normWeight, normBias: Parameter
    let blocks: [Block]

    struct Block {
        let norm1, norm1Bias, qkv, qkvBias, projection, projectionBias, norm2, norm2Bias, fc1, fc1Bias, fc2, fc2Bias: Parameter
        /// Of the two branches; nil without layer scale.
        let scale1, scale2: Parameter?

        var parameters: [Parameter] {
            [norm1, norm1Bias, qkv, qkvBias, projection, projectionBias, norm2, norm2Bias, fc1, fc1Bias, fc2, fc2Bias] + [scale1, scale2].compactMap { $0 }
        }
    }

    /// Random weights as timm initialises them: truncated normal of deviation 0.02, zero biases, unit gains.
    public init(configuration: ViTConfiguration, seed: UInt64 = 0) {
        self.configuration = configuration
        insertions = BlockInsertions()
        var made: [Parameter] = []
        for (name, shape) in configuration.tensorShapes {
            let value = Tensor(zeros: shape)
            if [".weight", ".gamma"].contains(where: name.hasSuffix), shape.count == 1 {
                for i in 0..<value.count { value.pointer[i] = 1 }
            } else if !name.hasSuffix("bias") {
                var stream = RandomStream(seed: seed, purpose: .initialization, name: "backbone." + name)
                let deviation = name == "cls_token" ? 1e-6 : 0.02
                for i in 0..<value.count { value.pointer[i] = Float(max(-2, min(2, stream.normal() * deviation))) }
            }
            made.append(Parameter(name: "backbone." + name, value: value))
        }
        parameters = made
        let scaled = configuration.layout.hasLayerScale ? 1 : 0
        let (size, first) = (12 + 2 * scaled, made.count - 2 - configuration.depth * (12 + 2 * scaled))
        embedding = TokenEmbedding(Array(made[..<first]), layout: configuration.layout)
        blocks = (0..<configuration.depth).map { block in
            let p = Array(made[(first + size * block)..<(first + size * (block + 1))])
            let mlp = 6 + scaled
            return Block(
                norm1: p[0], norm1Bias: p[1], qkv: p[2], qkvBias: p[3], projection: p[4], projectionBias: p[5], norm2: p[mlp], norm2Bias: p[mlp + 1],
                fc1: p[mlp + 2], fc1Bias: p[mlp + 3], fc2: p[mlp + 4], fc2Bias: p[mlp + 5], scale1: scaled == 0 ? nil : p[6],
                scale2: scaled == 0 ? nil : p[mlp + 6])
        }
        (normWeight, normBias) = (made[made.count - 2], made[made.count - 1])
    }

    /// The same network, its own parameters shared, with something put into its blocks.
    public init(_ network: VisionTransformer, insertions: BlockInsertions) {
        configuration = network.configuration
        parameters = network.parameters
        self.insertions = insertions
        (embedding, normWeight, normBias, blocks) = (network.embedding, network.normWeight, network.normBias, network.blocks)
    }

    /// Replaces every tensor by the one of its timm name (without `backbone.`).
    /// - Throws: `ViTError` naming the first tensor that is missing or has another shape, with both shapes.
    public func load(_ tensors: [String: Tensor]) throws {
        for parameter in parameters {
            let name = String(parameter.name.dropFirst("backbone.".count))
            guard let value = tensors[name] else {
                throw ViTError("the weights have no tensor `\(name)`; this network needs it with shape \(parameter.value.shape)")
            }
            guard value.shape == parameter.value.shape else {
                throw ViTError("tensor `\(name)` has shape \(value.shape); this network needs \(parameter.value.shape)")
            }
        }
        for parameter in parameters {
            if let value = tensors[String(parameter.name.dropFirst("backbone.".count))] { parameter.value = value.copy() }
        }
    }

    /// Says which tensors learn from now on.
    public func tune(_ tuning: BackboneTuning) {
        for parameter in parameters {
            parameter.isTrainable = tuning.trains(String(parameter.name.dropFirst("backbone.".count)))
        }
    }

    /// What both passes over a batch share: its tokens, and block 0's queries, keys and values of them.
    public struct ImageTokens {
        public let tokens: Variable
        let firstQKV: Variable?
    }

    /// - Parameters:
    ///   - images: (B, 3, image, image), normalised
    ///   - inputs: where what ``backward(_:images:engine:)`` will need is put aside
    public func tokens(images: Tensor, puttingAside inputs: BlockInputs? = nil, tape: Tape) throws -> ImageTokens {
        let side = configuration.image
        guard images.shape.count == 4, images.shape[1...] == [3, side, side] else {
            throw EngineError("tokens", "images have shape \(images.shape); this network takes (B, 3, \(side), \(side))")
        }
        let tokens = try embedding(images, patch: configuration.patch, epsilon: configuration.layout.epsilon, tape: tape)
        // Where something in front of the blocks learns, they are computed again.
        if !embeddingLearns { try inputs?.put(tokens.value, block: 0) }
        return try projected(tokens, tape: tape)
    }

    func projected(_ tokens: Variable, tape: Tape) throws -> ImageTokens {
        guard let first = blocks.first, blocks.count > 1 else { return ImageTokens(tokens: tokens, firstQKV: nil) }
        return ImageTokens(tokens: tokens, firstQKV: try projected(tokens, first, index: 0, tape: tape))
    }

    /// The CLS token after the last norm, (B, D); of a distilled network the mean of its two class tokens.
    ///
    /// Prompt rows give a block their keys and values and nothing else, and the last block works on the CLS row alone
    /// (method section 3): the same function as running every row through every layer.
    /// - Parameter inputs: where what ``backward(_:images:engine:)`` will need is put aside
    public func features(_ images: ImageTokens, prompts: PromptSet? = nil, puttingAside inputs: BlockInputs? = nil, tape: Tape) throws -> Variable {
        guard prompts?.layers.count ?? 0 <= blocks.count else {
            throw ViTError("\(prompts?.layers.count ?? 0) layers of prompts do not fit a network of \(blocks.count) blocks")
        }
        let lowest = inputs == nil ? nil : lowestLearner(prompts)
        let images = try appending(prompts?.staying, to: images, tape: tape)
        var x = images.tokens
        for index in blocks.indices {
            if let inputs, let lowest, index >= max(lowest, 1) { try inputs.put(x.value, block: index) }
            let aside = lowest.map { remembersAttention(index, above: $0) } == true ? inputs : nil
            x = try afterBlock(index, x, firstQKV: images.firstQKV, prompts: prompts, puttingAside: aside, tape: tape)
        }
        return x
    }

    /// What leaves a block, or after the last one the network.
    /// - Parameters:
    ///   - firstQKV: block 0's queries, keys and values of x, where they are there
    ///   - known: what of it was computed before
    ///   - aside: takes the stream after attention, and log-sum-exps
    func afterBlock(
        _ index: Int, _ x: Variable, firstQKV: Variable?, prompts: PromptSet?, known: KnownBlock = KnownBlock(), puttingAside aside: BlockInputs? = nil, tape: Tape
    ) throws -> Variable {
        let block = blocks[index]
        var x = x
        let prefix = try self.prefix(prompts, layer: index, block: block, images: x.shape[0], tape: tape)
        let isLast = index == blocks.count - 1
        let attended: Variable
        if isLast, !configuration.layout.isDistilled {
            let d = configuration.dim
            let first = try tape.firstTokens(x)
            let query = try projected(first, block, index: index, outputs: 0..<d, tape: tape)
            let keysValues = try projected(x, block, index: index, outputs: d..<3 * d, tape: tape)
            attended = try tape.attention(query: query, keysValues: keysValues, heads: configuration.heads, prefix: prefix)
            x = first
        } else {
            let shared = index == 0 ? firstQKV : nil
            let qkv = try shared ?? projected(x, block, index: index, tape: tape)
            attended = try tape.attention(qkv: qkv, heads: configuration.heads, prefix: prefix, knowing: known.attended?.logSums) {
                try aside?.put($0, .logSums, block: index)
            }
        }
        x = try joined(x, scale: block.scale1, tape) { stream in
            try linear(
                attended, .projection, weight: block.projection, bias: block.projectionBias, block: index, residual: stream, known: known.attended?.stream, tape: tape)
        }
        try aside?.put(x.value, .attended, block: index)
        x = try afterMLP(x, block, index, known: known.output, tape)
        guard isLast else { return x }
        x = try norm(x, normWeight, normBias, tape)
        return configuration.layout.isDistilled ? try tape.meanOfFirstTokens(x, count: 2) : x
    }

    /// stream + scale x branch. Without a scale the branch adds the stream itself, as it goes.
    private func joined(_ stream: Variable, scale: Parameter?, _ tape: Tape, _ branch: (Variable?) throws -> Variable) throws -> Variable {
        guard let scale else { return try branch(stream) }
        return try tape.add(stream, tape.scaleColumns(branch(nil), by: tape.parameter(scale)))
    }

    /// Queries, keys and values of a block, or some of them, of rows as they enter it.
    private func projected(_ x: Variable, _ block: Block, index: Int, outputs: Range<Int>? = nil, tape: Tape) throws -> Variable {
        try normalized(
            x, norm: (block.norm1, block.norm1Bias), .qkv, weight: block.qkv, bias: block.qkvBias, block: index, outputs: outputs,
            result: tape.engine.operandFormat, tape: tape)
    }

    /// The linear map of normalised rows; the norm is a part of the product where no weight of the two learns.
    private func normalized(
        _ x: Variable, norm affine: (weight: Parameter, bias: Parameter), _ map: BlockMap, weight: Parameter, bias: Parameter, block: Int,
        outputs: Range<Int>? = nil, activation: Activation = .none, result: ElementFormat, tape: Tape
    ) throws -> Variable {
        guard isPlain(map, block: block), !weight.isTrainable, !affine.weight.isTrainable else {
            return try linear(
                norm(x, affine.weight, affine.bias, tape), map, weight: weight, bias: bias, block: block, outputs: outputs, activation: activation,
                result: result, tape: tape)
        }
        return try tape.linear(
            x, norm: rowNorm(affine, tape), weight: tape.parameter(weight), bias: tape.parameter(bias), outputs: outputs, activation: activation, result: result)
    }

    private func rowNorm(_ affine: (weight: Parameter, bias: Parameter), _ tape: Tape) -> RowNorm {
        RowNorm(weight: tape.parameter(affine.weight), bias: tape.parameter(affine.bias), epsilon: configuration.layout.epsilon)
    }

    private var activation: Activation { configuration.layout.activation == .gelu ? .gelu : .quickGELU }

    /// x + mlp(LN2 x), with the block's adapter.
    private func afterMLP(_ x: Variable, _ block: Block, _ index: Int, known: Tensor?, _ tape: Tape) throws -> Variable {
        let adapter = insertions.adapters[index]
        let isParallel = adapter.map { $0.placement == .parallel } ?? true
        let base = isParallel ? try adapter?.added(to: x, input: x, tape: tape) ?? x : x
        let learns = [block.norm2, block.fc1, block.fc2].contains(where: \.isTrainable)
        if isParallel, !learns, block.scale2 == nil, isPlain(.fc1, block: index), isPlain(.fc2, block: index) {
            return try tape.mlp(
                x, base: base, norm: rowNorm((block.norm2, block.norm2Bias), tape), fc1: (tape.parameter(block.fc1), tape.parameter(block.fc1Bias)),
                fc2: (tape.parameter(block.fc2), tape.parameter(block.fc2Bias)), activation: activation, known: known)
        }
        let hidden = try normalized(
            x, norm: (block.norm2, block.norm2Bias), .fc1, weight: block.fc1, bias: block.fc1Bias, block: index, activation: activation,
            result: tape.engine.operandFormat, tape: tape)
        if isParallel {
            return try joined(base, scale: block.scale2, tape) { stream in
                try linear(hidden, .fc2, weight: block.fc2, bias: block.fc2Bias, block: index, residual: stream, tape: tape)
            }
        }
        var output = try linear(hidden, .fc2, weight: block.fc2, bias: block.fc2Bias, block: index, tape: tape)
        if let scale = block.scale2 { output = try tape.scaleColumns(output, by: tape.parameter(scale)) }
        guard let adapter else { return try tape.add(x, output) }
        return try adapter.added(to: tape.add(x, output), input: output, tape: tape)
    }

    /// Prompts that stay are rows like the image's from here on; in block 0 they give queries, keys and values once a batch.
    func appending(_ prompts: Parameter?, to images: ImageTokens, tape: Tape) throws -> ImageTokens {
        guard let prompts else { return images }
        let rows = tape.parameter(prompts)
        let tokens = try tape.appendRows(images.tokens, rows)
        guard let first = blocks.first, let qkv = images.firstQKV else { return ImageTokens(tokens: tokens, firstQKV: nil) }
        let own = try projected(rows, first, index: 0, tape: tape)
        return ImageTokens(tokens: tokens, firstQKV: try tape.appendRows(qkv, own))
    }

    private func norm(_ x: Variable, _ weight: Parameter, _ bias: Parameter, _ tape: Tape) throws -> Variable {
        try tape.layerNorm(x, weight: tape.parameter(weight), bias: tape.parameter(bias), epsilon: configuration.layout.epsilon)
    }

    /// Keys and values of a layer's prompts: once a batch when it shares them, once a class present otherwise.
    private func prefix(_ prompts: PromptSet?, layer: Int, block: Block, images: Int, tape: Tape) throws -> AttentionPrefix? {
        guard let prompts, layer < prompts.layers.count else { return nil }
        let parameter = prompts.layers[layer]
        let shape = parameter.value.shape
        guard shape.count == 3, shape[2] == configuration.dim else {
            throw EngineError("prompts", "layer \(layer) has shape \(shape); expected (groups, n, \(configuration.dim))")
        }
        guard shape[1] > 0 else { return nil }
        var rows = tape.parameter(parameter)
        var groups = Array(repeating: 0, count: images)
        if let labels = prompts.labels {
            guard labels.count == images else { throw EngineError("prompts", "\(labels.count) labels for \(images) images") }
            var places: [Int: Int] = [:]
            var present: [Int] = []
            groups = labels.map { label in
                if let place = places[label] { return place }
                places[label] = present.count
                present.append(label)
                return present.count - 1
            }
            rows = try tape.gatherRows(rows, indices: present)
        }
        let d = configuration.dim
        let keysValues = try projected(rows, block, index: layer, outputs: d..<3 * d, tape: tape)
        return AttentionPrefix(keysValues: keysValues, groups: groups)
    }
}
