import VisionTransformers

/// The multiplications and additions in matrix products that a step or an evaluation pass cannot do without: section 3 of the
/// method (a prompt costs its keys and values, the last block computes the CLS row alone, both passes share block 0's projection,
/// nothing is computed whose gradient nobody wants). What is counted is the method's need, not what some program happens to do.
public struct CountedProducts {
    public let network: ViTConfiguration
    public let configuration: ModelConfiguration

    public init(network: ViTConfiguration, configuration: ModelConfiguration) {
        (self.network, self.configuration) = (network, configuration)
    }

    private var d: Double { Double(network.dim) }
    private var n: Double { Double(network.tokens) }

    /// Of embedding `images` images.
    public func evaluation(images: Int) -> Double {
        let prompts = configuration.prompts.map { layout($0, groups: 1) } ?? []
        return Double(images) * (patches + firstProjection + head) + pass(prompts, images: images).forward
    }

    /// Of one step; nil for methods that put adapters or low-rank updates into the blocks, which this does not count.
    /// - Parameters:
    ///   - classes: of the batch
    ///   - isFrugal: blocks are computed again on the way back, from what entered them
    public func step(images: Int, classes: Int, isFrugal: Bool = false) -> Double? {
        guard configuration.adapters == nil, configuration.lowRank == nil else { return nil }
        let b = Double(images)
        var total = b * (patches + firstProjection)
        var passes = [pass(configuration.prompts.map { layout($0, groups: 1) } ?? [], images: images)]
        if let semantic = configuration.semantic { passes.append(pass(semantic.classPrompts.map { layout($0, groups: classes) } ?? [], images: images)) }
        for pass in passes { total += pass.forward + pass.backward }
        // The passes' gradients meet at block 0's projection, and go through it once.
        if configuration.backbone != .frozen { total += b * firstProjection * (trainsWeights ? 2 : 1) }
        // Heads: forward, the gradient of the weights and, where something behind them learns, that of the input.
        let goesBack = passes.contains { $0.backward > 0 }
        total += Double(passes.count) * b * head * (goesBack ? 3 : 2)
        let e = Double(configuration.head.dim)
        // Similarities to all proxies, and the gradients of both sides.
        total += 3 * 2 * b * Double(configuration.classes) * e
        if case .gru = configuration.semantic?.integration { total += 3 * 6 * 2 * b * e * e }
        if configuration.backbone == .full { total += b * patches }
        guard isFrugal else { return total }
        total += passes.reduce(0) { $0 + $1.again }
        if passes.contains(where: { $0.reachesFirst }) { total += b * (firstProjection + (configuration.backbone == .frozen ? 0 : patches)) }
        return total
    }

    private var trainsWeights: Bool { configuration.backbone == .full || configuration.backbone == .fullButPatchEmbedding }
    private var patches: Double { 2 * Double(network.patches) * Double(3 * network.patch * network.patch) * d }
    private var head: Double { 2 * d * Double(configuration.head.dim) }
    /// Block 0's queries, keys and values of an image.
    private var firstProjection: Double { 2 * n * d * 3 * d }

    private struct Layer {
        let prompts: Double
        let groups: Double
    }

    private func layout(_ prompts: PromptConfiguration, groups: Int) -> [Layer] {
        (0..<network.depth).map { layer in
            Layer(prompts: layer < prompts.layers ? Double(max(prompts.count - layer * prompts.step, 0)) : 0, groups: Double(groups))
        }
    }

    /// Products of a pass through all blocks, block 0's projection apart, which passes share.
    private struct Pass {
        var (forward, backward) = (0.0, 0.0)
        /// What is computed again of blocks of which something was put aside: projections to queries, keys and values, and the first of the MLP's products.
        var again = 0.0
        var reachesFirst = false
    }

    private func pass(_ layers: [Layer], images: Int) -> Pass {
        let b = Double(images)
        let hidden = Double(network.hidden)
        let learnsInside = configuration.backbone != .frozen
        let lowestLearner = learnsInside ? 0 : layers.firstIndex { $0.prompts > 0 }
        var pass = Pass()
        for block in 0..<network.depth {
            let isLast = block == network.depth - 1
            let layer = layers.isEmpty ? Layer(prompts: 0, groups: 0) : layers[block]
            // Rows that ask, and all they see.
            let (asking, seen) = (isLast ? 1 : n, n + layer.prompts)
            let projection = isLast ? 2 * n * d * 2 * d + 2 * d * d : 2 * n * d * 3 * d
            let prefix = layer.groups * layer.prompts * 2 * d * 2 * d
            let after = 2 * asking * (d * d + 2 * d * hidden)
            let attention = 2 * asking * seen * d  // one of the products of scores or of sums
            let forward = b * ((block == 0 ? 0 : projection) + 2 * attention + after) + prefix
            pass.forward += forward

            guard let lowestLearner, block >= lowestLearner else { continue }
            // Where nothing below wants a gradient, only the prompts' columns matter: block 0 of prompts on a frozen network.
            let isLowest = block == lowestLearner && !learnsInside
            let slopes = isLowest ? 4 * 2 * asking * layer.prompts * d : 5 * attention
            let ownProjection = block == 0 ? 0 : projection
            // The lowest block's attention is needed for its prompts, and weights that learn need all that enters them.
            let knowsAttention = block > lowestLearner && !isLast && !trainsWeights
            pass.again += forward - (isLast || trainsWeights ? 0 : b * 2 * asking * d * hidden) - (knowsAttention ? b * (2 * attention + 2 * asking * d * d) : 0)
            pass.reachesFirst = pass.reachesFirst || block == 0
            pass.backward += b * (after + slopes + (isLowest ? 0 : ownProjection)) + (layer.prompts > 0 ? prefix : 0)
            if trainsWeights { pass.backward += b * (after + ownProjection) }
        }
        return pass
    }
}
