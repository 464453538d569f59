import Foundation
import MetricLearning
import TensorEngine
import Testing
import VisionTransformers

/// Rows in memory, as a file would keep them.
private final class MemoryStore: ClassPromptStore {
    struct Row {
        var version, steps: Int
        var values, moments: [Float]
    }

    let seed: UInt64 = 0
    var rows: [Int: Row] = [:]
    var reads = 0

    func read(_ label: Int, version: Int, values: UnsafeMutableBufferPointer<Float>?, moments: UnsafeMutableBufferPointer<Float>?) throws -> Int {
        reads += 1
        guard let row = rows[label], row.version == version else { throw MetricLearningError("no row \(label) \(version)") }
        for (i, value) in row.values.enumerated() { values?[i] = value }
        for (i, value) in row.moments.enumerated() { moments?[i] = value }
        return row.steps
    }

    func write(_ label: Int, version: Int, steps: Int, values: UnsafeBufferPointer<Float>, moments: UnsafeBufferPointer<Float>) throws {
        rows[label] = Row(version: version, steps: steps, values: Array(values), moments: Array(moments))
    }
}

@Suite struct ClassPromptRowsTests {
    let engine: Engine
    // One thread, because the store above knows no lock.
    init() throws { engine = try Engine(threads: 1) }

    private let batches = [[4, 4, 1, 1], [0, 0, 4, 4], [4, 4, 6, 6]]

    private func model(_ update: SemanticConfiguration.Update, step: Int = 0) throws -> (MetricModel, MemoryStore) {
        let backbone = VisionTransformer(configuration: try ViTConfiguration(image: 16, patch: 8, dim: 24, depth: 3, heads: 2), seed: 1)
        var configuration = Method.vptspG.configuration(classes: 7, depth: 3, head: HeadConfiguration(dim: 16))
        configuration.semantic?.classPrompts = PromptConfiguration(layers: 3, count: 3, step: step)
        configuration.semantic?.update = update
        let (model, store) = (try MetricModel(configuration, backbone: backbone, seed: 0), MemoryStore())
        model.semantic?.rows?.store = store
        return (model, store)
    }

    private func train(_ model: MetricModel, _ rule: OptimizerRule, microBatch: Int? = nil) throws -> [Float] {
        let optimizer = try Optimizer(rule, groups: model.parameterGroups(rate: 0.05, proxyRate: 0.05, weightDecay: 0), engine: engine)
        return try batches.enumerated().map { number, labels in
            let images = noise([4, 3, 16, 16], "images \(number)")
            let step = if let microBatch {
                try model.step(labels: labels, microBatch: microBatch, inputs: BlockInputFile(folder: NSTemporaryDirectory()), engine: engine) { try images.rows($0) }
            } else {
                try model.step(images: images, labels: labels, engine: engine)
            }
            try optimizer.step()
            optimizer.clearGradients()
            return step.loss
        }
    }

    /// A class's prompts in the order of its row.
    private func row(_ label: Int, of model: MetricModel) throws -> [Float] {
        try model.semantic?.prompts.flatMap { try $0.value.rows(label..<label + 1).array() } ?? []
    }

    /// Without momentum and decay a dense step leaves the other classes alone too: both must then be the same, to the bit.
    @Test(arguments: [0, 1]) func plainStepsAreTheDenseOnes(_ step: Int) throws {
        let (dense, _) = try model(.dense, step: step)
        let (touched, store) = try model(.touched, step: step)
        let rule = OptimizerRule.sgd(momentum: 0, nesterov: false)
        #expect(try train(dense, rule) == train(touched, rule))
        #expect(store.rows.keys.sorted() == [0, 1, 4, 6])
        for label in store.rows.keys { #expect(try store.rows[label]?.values == row(label, of: dense)) }
        #expect(touched.semantic?.rows?.versions.value.array() == [1, 1, 0, 0, 3, 0, 1])
        #expect(touched.trainableCount == dense.trainableCount)
        #expect(touched.savedTensors().map(\.name).filter { $0.hasPrefix("proxy.prompts") } == ["proxy.prompts.versions"])
    }

    /// A class moves as if its own batches were all the training there is: momentum and steps of its own, none for others.
    @Test(arguments: [OptimizerRule.sgd(momentum: 0.9, nesterov: false), .adamW()]) func rowsHaveStepsOfTheirOwn(_ rule: OptimizerRule) throws {
        let (model, store) = try model(.touched)
        let optimizer = try Optimizer(rule, groups: model.parameterGroups(rate: 0.05, proxyRate: 0.05, weightDecay: 0.1), engine: engine)
        var gradients: [[Float]] = []
        var values: [[Float]] = []
        for (number, labels) in batches.enumerated() {
            _ = try model.step(images: noise([4, 3, 16, 16], "images \(number)"), labels: labels, engine: engine)
            let place = labels.firstIndex(of: 4).map { $0 / 2 } ?? 0
            let batch = try #require(model.semantic?.rows?.batch)
            gradients.append(try batch.flatMap { try #require($0.gradient).rows(place..<place + 1).array() })
            values.append(try batch.flatMap { try $0.value.rows(place..<place + 1).array() })
            try optimizer.step()
            optimizer.clearGradients()
        }
        // The same gradients on one ordinary parameter that holds the class's row.
        let alone = Parameter(name: "row", value: try Tensor(values[0], shape: [values[0].count]), isTrainable: true)
        let one = try Optimizer(rule, groups: [ParameterGroup([alone], rate: 0.05, weightDecay: 0.1)], engine: engine)
        for gradient in gradients {
            alone.gradient = try Tensor(gradient, shape: [gradient.count])
            try one.step()
        }
        #expect(store.rows[4]?.values == alone.value.array())
        #expect(store.rows[4]?.steps == 3)
        #expect(store.rows[6]?.steps == 1)
        #expect(store.rows[2] == nil)
        #expect(store.rows[4]?.moments.count == rule.momentNames.count * values[0].count)
    }

    @Test func blocksComputedAgainGiveTheSame() throws {
        let (one, oneStore) = try model(.touched)
        let (two, twoStore) = try model(.touched)
        let rule = OptimizerRule.sgd(momentum: 0.9, nesterov: false)
        for (a, b) in zip(try train(one, rule), try train(two, rule, microBatch: 3)) { #expect(abs(a - b) < 1e-4 * abs(a)) }
        for (label, row) in oneStore.rows {
            for (a, b) in zip(row.values, try #require(twoStore.rows[label]).values) { #expect(abs(a - b) < 1e-4) }
        }
    }

    @Test func embeddingNeedsNoStoreAndTrainingSaysSo() throws {
        let (model, store) = try model(.touched)
        model.semantic?.rows?.store = nil
        _ = try model.embed(images: noise([4, 3, 16, 16], "images 0"), engine: engine)
        #expect(store.reads == 0)
        #expect(throws: MetricLearningError("class prompts with update=touched have no file to live in; `train` makes one")) {
            try model.step(images: noise([4, 3, 16, 16], "images 0"), labels: batches[0], engine: engine)
        }
    }
}
