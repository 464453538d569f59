import Foundation
import MetricLearning
import TensorEngine
import Testing
import VisionTransformers

@Suite struct MicroBatchStepTests {
    let engine: Engine
    init() throws { engine = try Engine(threads: 2) }

    private let labels = [4, 4, 1, 1, 0, 0, 3, 3, 6, 6]

    private func model(_ configuration: ModelConfiguration, loss: any Loss = ProxyAnchorLoss(), layout: ViTLayout = ViTLayout()) throws -> MetricModel {
        let backbone = VisionTransformer(configuration: try ViTConfiguration(image: 16, patch: 8, dim: 24, depth: 3, heads: 2, layout: layout), seed: 1)
        return try MetricModel(configuration, backbone: backbone, loss: loss, seed: 0)
    }

    private func configuration(_ method: Method, bitfit: Bool = false) -> ModelConfiguration {
        method.configuration(classes: 7, depth: 3, bitfit: bitfit, head: HeadConfiguration(dim: 16))
    }

    private func inputs() throws -> BlockInputFile { try BlockInputFile(folder: NSTemporaryDirectory()) }

    /// Every gradient of the step that computes blocks again is that of the step on a whole batch, to the rounding of f32 sums.
    private func expectSame(_ configuration: ModelConfiguration, loss: any Loss = ProxyAnchorLoss(), microBatch: Int, engine other: Engine? = nil) throws {
        let engine = other ?? engine
        let images = noise([labels.count, 3, 16, 16], "images")
        let (one, two) = (try model(configuration, loss: loss), try model(configuration, loss: loss))
        // What starts at zero, as adapters' last weights do, would hide the gradient of what comes before it.
        for parameter in one.trainableParameters + two.trainableParameters where parameter.value.array().allSatisfy({ $0 == 0 }) {
            parameter.value = noise(parameter.value.shape, parameter.name, scale: 0.1)
        }
        let expected = try one.step(images: images, labels: labels, engine: engine)
        let found = try two.step(labels: labels, microBatch: microBatch, inputs: inputs(), engine: engine) { try images.rows($0) }
        #expect(abs(found.loss - expected.loss) <= 1e-5 * abs(expected.loss), "\(found.loss) \(expected.loss)")
        for (a, b) in zip(found.embeddings.array(), expected.embeddings.array()) { #expect(abs(a - b) < 1e-5) }
        #expect(one.trainableParameters.count == two.trainableParameters.count)
        for (a, b) in zip(two.trainableParameters, one.trainableParameters) {
            let (found, expected) = (try #require(a.gradient, "\(a.name)").array(), try #require(b.gradient, "\(b.name)").array())
            let largest = expected.map(abs).max() ?? 0
            let off = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
            // Inserted maps begin at zero, and what stands before a zero map has no gradient yet.
            #expect(largest > 0 || a.name.hasPrefix("adapters.") || a.name.hasPrefix("lora."), "\(a.name)")
            #expect(off <= 2e-5 * largest + 1e-9, "\(a.name): off by \(off) of \(largest)")
        }
        for (a, b) in zip(two.buffers, one.buffers) {
            for (x, y) in zip(a.value.array(), b.value.array()) { #expect(abs(x - y) < 1e-5) }
        }
    }

    @Test(arguments: [1, 3, 4, 10]) func everyGradientOfVPTSPG(_ microBatch: Int) throws {
        try expectSame(configuration(.vptspG, bitfit: true), microBatch: microBatch)
    }

    @Test(arguments: Method.allCases) func everyMethod(_ method: Method) throws {
        try expectSame(configuration(method), microBatch: 4)
    }

    @Test func proxiesOfTheBatchFromItsOwnFeatures() throws {
        var simple = configuration(.vptspM)
        simple.semantic?.classPrompts = nil
        simple.range = .batch
        try expectSame(simple, microBatch: 4)
    }

    @Test func lossesOverPairsAndOverLength() throws {
        // Sharp ones make much of a product's last bits, which with some of OpenBLAS's kernels depend on a row's place; not with oneDNN.
        let engine = try Engine(threads: 2, library: .onednn)
        try expectSame(configuration(.full), loss: RecallAtKLoss(), microBatch: 3, engine: engine)
        try expectSame(configuration(.full), loss: RecallAtKLoss(rankTemperature: 0.1, isMixed: true), microBatch: 3, engine: engine)
        try expectSame(configuration(.full), loss: TripletLoss(margin: 0.5, miner: .distanceWeighted(cutoff: 0.1, farthest: 1.9)), microBatch: 3, engine: engine)
        try expectSame(configuration(.vpt), loss: HyperbolicLoss(), microBatch: 3, engine: engine)
        #expect(HyperbolicLoss().space != .sphere)
    }

    @Test func sameBytesEachTime() throws {
        let images = noise([labels.count, 3, 16, 16], "images")
        func gradients(threads: Int) throws -> [[Float]] {
            let engine = try Engine(threads: threads)
            let model = try model(configuration(.vptspG, bitfit: true))
            _ = try model.step(labels: labels, microBatch: 3, inputs: inputs(), engine: engine) { try images.rows($0) }
            return model.trainableParameters.map { $0.gradient?.array() ?? [] }
        }
        #expect(try gradients(threads: 1) == gradients(threads: 3))
    }

    /// Blocks that are computed again give what a tape over all of them gives, to the last bit: everything that can learn, and steps that follow
    /// each other with other micro-batches.
    @Test(arguments: Method.allCases, [false, true]) func sameBytesWithAllActivations(_ method: Method, bitfit: Bool) throws {
        try expectSameBytes(configuration(method, bitfit: bitfit))
    }

    @Test func sameBytesWithWhatIsPutIntoBlocks() throws {
        var some = configuration(.vptspG)
        some.prompts = PromptConfiguration(shallow: 3)
        try expectSameBytes(some)
        // The two passes begin to learn at different blocks, or one of them not at all.
        some = configuration(.vptspG)
        some.prompts = nil
        try expectSameBytes(some)
        some.adapters = AdapterConfiguration(layers: 1, dim: 4)
        try expectSameBytes(some)
        some = configuration(.vptspM)
        some.semantic?.classPrompts = nil
        some.semantic?.simplePrompts = .none
        try expectSameBytes(some)
        some = configuration(.adapter)
        some.adapters = AdapterConfiguration(layers: 1, dim: 4)
        try expectSameBytes(some)
        some.adapters = AdapterConfiguration(placement: .sequential, layers: 3, dim: 4)
        try expectSameBytes(some)
        some = configuration(.linear)
        some.lowRank = LowRankConfiguration(rank: 2, targets: [.q, .v, .o, .fc1, .fc2], layers: 2)
        try expectSameBytes(some)
    }

    @Test func sameBytesInOtherNetworks() throws {
        var layout = ViTLayout()
        (layout.hasLayerScale, layout.registers) = (true, 2)
        try expectSameBytes(configuration(.vptspG, bitfit: true), layout: layout)
        layout = ViTLayout()
        layout.isDistilled = true
        try expectSameBytes(configuration(.vptspG, bitfit: true), layout: layout)
    }

    @Test func sameBytesInBF16() throws {
        if let reason = Engine.unavailability(of: .bf16) { return print("skipped: \(reason)") }
        try expectSameBytes(configuration(.vptspG, bitfit: true), engine: Engine(threads: 2, precision: .bf16))
        try expectSameBytes(configuration(.full), engine: Engine(threads: 2, precision: .bf16))
    }

    private func expectSameBytes(
        _ configuration: ModelConfiguration, layout: ViTLayout = ViTLayout(), engine other: Engine? = nil, _ place: SourceLocation = #_sourceLocation
    ) throws {
        let engine = other ?? engine
        let images = noise([labels.count, 3, 16, 16], "images")
        func gradients(frugal: Bool) throws -> [[Float]] {
            let model = try model(configuration, layout: layout)
            for parameter in model.trainableParameters where parameter.value.array().allSatisfy({ $0 == 0 }) {
                parameter.value = noise(parameter.value.shape, parameter.name, scale: 0.1)
            }
            let file = frugal ? try inputs() : nil
            return try [4, 3, 10, 1].flatMap { microBatch in
                for parameter in model.trainableParameters { parameter.gradient = nil }
                _ = try model.step(labels: labels, microBatch: microBatch, inputs: file, engine: engine) { try images.rows($0) }
                return model.trainableParameters.map { $0.gradient?.array() ?? [] }
            }
        }
        let (found, expected) = (try gradients(frugal: true), try gradients(frugal: false))
        #expect(found == expected, sourceLocation: place)
        #expect(found.contains { $0.contains { $0 != 0 } }, sourceLocation: place)
    }

    @Test func gradientsAreAddedToThoseThatAreThere() throws {
        let images = noise([labels.count, 3, 16, 16], "images")
        let model = try model(configuration(.vpt))
        func step() throws -> [[Float]] {
            _ = try model.step(labels: labels, microBatch: 4, engine: engine) { try images.rows($0) }
            return model.trainableParameters.map { $0.gradient?.array() ?? [] }
        }
        let once = try step()
        #expect(try step() == once.map { $0.map { $0 + $0 } })
    }

    /// Once, and again only for what learns in front of the first block.
    @Test func picturesAreAskedForNoMoreThanNeeded() throws {
        let images = noise([labels.count, 3, 16, 16], "images")
        func asked(_ method: Method, inputs: BlockInputFile? = nil) throws -> [Range<Int>] {
            var ranges: [Range<Int>] = []
            _ = try model(configuration(method)).step(labels: labels, microBatch: 4, inputs: inputs, engine: engine) {
                ranges.append($0)
                return try images.rows($0)
            }
            return ranges
        }
        let once = [0..<2, 2..<6, 6..<10]
        #expect(try asked(.bitfit) == once)
        #expect(try asked(.vptspG, inputs: inputs()) == once)
        #expect(try asked(.linear, inputs: inputs()) == once)
        #expect(try asked(.bitfit, inputs: inputs()) == once + once)
    }

    @Test func memoryIsThatOfABlockOfAMicroBatch() throws {
        func peak(frugal: Bool) throws -> Int {
            let file = frugal ? try inputs() : nil
            // Gradients of micro-batches wait for their sum, a few sets of them: little beside activations where prompts learn.
            let model = try model(configuration(.vpt))
            let images = noise([4, 3, 16, 16], "images")
            let labels = (0..<40).map { $0 / 8 }
            for round in 0..<2 {
                if round == 1 { StoragePool.shared.resetPeak() }
                for parameter in model.trainableParameters { parameter.gradient = nil }
                _ = try model.step(labels: labels, microBatch: 4, inputs: file, engine: engine) { try images.rows(0..<$0.count) }
            }
            return StoragePool.shared.peakBytes - StoragePool.shared.liveBytes
        }
        #expect(try 4 * peak(frugal: true) < peak(frugal: false))
    }

    @Test func badSizesAreRefused() throws {
        let model = try model(configuration(.vpt))
        let images = noise([labels.count, 3, 16, 16], "images")
        for size in [0, -1, 11] {
            #expect(throws: MetricLearningError("a micro-batch of \(size) images for a batch of 10; expected 1 to 10")) {
                try model.step(labels: labels, microBatch: size, engine: engine) { try images.rows($0) }
            }
        }
        #expect(throws: MetricLearningError.self) { try model.step(labels: labels, microBatch: 4, engine: engine) { _ in images } }
    }
}
