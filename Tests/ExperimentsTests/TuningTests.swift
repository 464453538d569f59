import Experiments
import Foundation
import TensorFiles
import Testing

/// What a specification may put into a backbone or tune of it: counted, trained, saved, brought back, merged.
@Suite(.serialized) struct TuningTests {
    let scratch: Scratch
    let folder: String

    init() throws {
        scratch = try Scratch()
        folder = try scratch.pictures("pictures")
    }

    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        var count: Int
        var change: @Sendable (inout ExperimentSpecification) -> Void
        var testDescription: String { name }

        init(_ name: String, _ count: Int = 0, _ change: @escaping @Sendable (inout ExperimentSpecification) -> Void) {
            (self.name, self.count, self.change) = (name, count, change)
        }
    }

    // MARK: Section 6 of the method: ViT-S/16, C = 100, E = 384

    static let table = [
        Row("linear", 187_008) { $0.applyMethod(.linear) },
        Row("bitfit", 238_464) { $0.applyMethod(.bitfit) },
        Row("adapter 7 x 256", 1_573_120) { $0.applyMethod(.adapter) },
        Row("adapter 1 x 256 (B)", 436_480) {
            $0.applyMethod(.adapter, bitfit: true)
            $0.adapter?.layers = 1
        },
        Row("AdaptFormer", 187_008 + 12 * (2 * 64 * 384 + 64 + 384)) {
            $0.applyMethod(.linear)
            $0.adapter = AdapterSpecification(dim: 64, scale: 0.1, norm: .none)
        },
        Row("lora", 187_008 + 12 * 2 * 8 * 2 * 384) { $0.applyMethod(.lora) },
        Row("lora of everything", 187_008 + 12 * 4 * (4 * 2 * 384 + 2 * 5 * 384)) {
            $0.applyMethod(.lora)
            $0.lora = LowRankSpecification(rank: 4, targets: [.mlp, .q, .k, .v, .o])
        },
        Row("vpt 12 x 10", 233_088) { $0.applyMethod(.vpt) },
        Row("vpt 12 x 10 (B)", 284_544) { $0.applyMethod(.vpt, bitfit: true) },
        Row("vpt shallow", 187_008 + 10 * 384) {
            $0.applyMethod(.vpt)
            $0.prompts.placement = .shallow
        },
        // Cars-196, S16: 11 x 80 (2) and 8 x 50 (2).
        Row("prompts with a step", 187_008 + (880 - 110) * 384) {
            $0.applyMethod(.vpt)
            $0.prompts = PromptSpecification(layers: 11, count: 80, step: 2)
        },
        // CUB, B16: class prompts 4 x 5 (5) are one layer of 5.
        Row("class prompts with a step", 1_459_584) {
            $0.applyMethod(.vptspG)
            $0.proxies.layers = 4
            $0.proxies.count = 5
            $0.proxies.step = 5
        },
        Row("vptsp-g, 5 class prompts in one layer", 1_459_584) {
            $0.applyMethod(.vptspG)
            $0.proxies.layers = 1
            $0.proxies.count = 5
        },
        Row("full", 21_852_672) { $0.applyMethod(.full) },
        Row("full but the patch embedding", 21_852_672 - 384 * (3 * 16 * 16 + 1)) { $0.tuning = .fullButPatchEmbedding },
    ]

    @Test func countsOfThePaper() throws {
        let pictures = try scratch.pictures("hundred", classes: 200, images: 1, side: 1)
        let session = experiment(ExperimentSpecification())
        session.specification.backbone = BackboneSpecification(name: "vit-s16", weights: "random")
        session.specification.data = DataSpecification(name: "folder", path: pictures)
        try session.loadBackbone()
        try session.loadData()
        for row in Self.table {
            row.change(&session.specification)
            #expect(session.parameterCounts?.total == row.count, "\(row.name)")
        }
    }

    // MARK: Each way to tune, on a tiny network

    static let ways = [
        Row("adapter parallel") { $0.adapter = AdapterSpecification(dim: 3) },
        Row("adapter sequential") { $0.adapter = AdapterSpecification(placement: .sequential, layers: 1, dim: 3, scale: 0.5, norm: .pre) },
        Row("AdaptFormer (B)") {
            $0.adapter = AdapterSpecification(dim: 3, scale: 0.1, norm: .none)
            $0.tuning = .bitfit
        },
        Row("lora q v") { $0.lora = LowRankSpecification(rank: 2) },
        Row("lora of everything (B)") {
            $0.lora = LowRankSpecification(rank: 2, targets: [.q, .k, .v, .o, .mlp], alpha: 5, layers: 1)
            $0.tuning = .bitfit
        },
        Row("adapter and lora under prompts") {
            $0.prompts = PromptSpecification(count: 3, step: 1)
            $0.adapter = AdapterSpecification(dim: 3)
            $0.lora = LowRankSpecification(rank: 2)
        },
        Row("shallow prompts (B)") {
            $0.prompts = PromptSpecification(placement: .shallow, count: 3)
            $0.tuning = .bitfit
        },
        Row("vptsp-g with steps and an adapter") {
            $0.prompts = PromptSpecification(count: 3, step: 2)
            $0.proxies = ProxySpecification(kind: .gru, layers: 2, count: 3, step: 1, normalization: .last, cell: .tanh, range: .batch)
            $0.adapter = AdapterSpecification(layers: 1, dim: 3)
        },
        Row("vptsp-m over shallow prompts") {
            $0.prompts = PromptSpecification(placement: .shallow, count: 2)
            $0.proxies = ProxySpecification(kind: .mean, count: 3, step: 2)
        },
        Row("full but the patch embedding") { $0.tuning = .fullButPatchEmbedding },
    ]

    private func trained(_ change: (inout ExperimentSpecification) -> Void) throws -> Experiment {
        var specification = tiny(folder)
        specification.applyMethod(.linear)
        change(&specification)
        specification.training = TrainingOptions(epochs: 1, batch: 4, perClass: 2)
        let session = experiment(specification)
        _ = try session.train(runs: scratch("runs"), texts: texts)
        return session
    }

    /// Counted as the model has it, trained in every part, saved, and the same again when restored.
    @Test(arguments: ways) func trainsAndComesBack(_ way: Row) throws {
        let session = try trained(way.change)
        let run = try RunFolder.open(try FileManager.default.contentsOfDirectory(atPath: scratch("runs")).map { scratch("runs/") + $0 }[0])
        #expect(session.parameterCounts?.total == (try run.manifest().trainableParameters))

        let file = scratch("model.safetensors")
        try session.save(to: file)
        let fresh = Experiment()
        fresh.specification.data = session.specification.data
        try fresh.restore(from: file)
        #expect(fresh.resolvedSpecification.adapter == session.resolvedSpecification.adapter)
        #expect(fresh.resolvedSpecification.lora == session.resolvedSpecification.lora)
        #expect(fresh.specification.prompts == session.specification.prompts)
        #expect(fresh.specification.proxies == session.specification.proxies)
        _ = try session.embed(to: scratch("a.npy"))
        _ = try fresh.embed(to: scratch("b.npy"))
        #expect(try bytes(scratch("a.npy")) == bytes(scratch("b.npy")))

        // A step must have moved every tensor that learns; the zero start of `up` and `b` holds back what feeds them.
        let start = experiment(session.specification)
        start.specification.optimizer.rate = 0
        start.specification.optimizer.proxyRate = 0
        start.specification.training.steps = 1
        _ = try start.train(runs: scratch("still"), texts: texts)
        try start.save(to: scratch("start.safetensors"))
        let (before, after) = (try SafeTensorsFile(path: scratch("start.safetensors")), try SafeTensorsFile(path: file))
        for name in after.names {
            #expect(try before.array(name).values != after.array(name).values, "\(name) has not moved")
        }
    }

    // MARK: Merging

    @Test func mergedUpdatesAreOrdinaryWeights() throws {
        let session = try trained {
            $0.lora = LowRankSpecification(rank: 2, targets: [.q, .k, .v, .o, .mlp], alpha: 4)
            $0.tuning = .bitfit
            $0.head = HeadSpecification(kind: .none)
            $0.optimizer = OptimizerSpecification(kind: .adamw, rate: 3e-2, proxyRate: 1e-2)
        }
        let merged = scratch("merged.safetensors")
        #expect(try session.saveMergedBackbone(to: merged) == session.backboneSummary?.parameters)
        #expect(try SafeTensorsFile(path: merged).names.contains("blocks.0.attn.qkv.weight"))
        _ = try session.embed(to: scratch("a.npy"))

        let plain = Experiment()
        plain.specification.data = session.specification.data
        plain.specification.backbone = session.specification.backbone
        _ = try plain.embed(to: scratch("frozen.npy"))
        plain.specification.backbone?.weights = merged
        _ = try plain.embed(to: scratch("b.npy"))
        let (a, b, frozen) = (try NPY.read(path: scratch("a.npy")), try NPY.read(path: scratch("b.npy")), try NPY.read(path: scratch("frozen.npy")))
        #expect(a.shape == b.shape)
        #expect(zip(a.values, b.values).allSatisfy { abs($0 - $1) < 1e-5 })
        #expect(zip(a.values, frozen.values).contains { abs($0 - $1) > 1e-2 }, "training changed something")
    }

    @Test func whatCannotBeMergedIsSaid() throws {
        let prompts = try trained { $0.prompts = PromptSpecification(count: 2) }
        #expect(failure { try prompts.saveMergedBackbone(to: scratch("m.safetensors")) }?.message.contains("prompts are tokens of their own") == true)
        let adapters = try trained { $0.adapter = AdapterSpecification(dim: 3) }
        let error = failure { try adapters.saveMergedBackbone(to: scratch("m.safetensors")) }
        #expect(error?.message.contains("adapters are not linear") == true)
        #expect(error?.help.first?.contains("without `merge`") == true)
        #expect(!FileManager.default.fileExists(atPath: scratch("m.safetensors")))
        #expect(failure { try experiment(tiny(folder)).saveMergedBackbone(to: scratch("m.safetensors")) }?.kind == .state)
    }

    // MARK: What does not go together, and what cannot be

    @Test func refusals() {
        let refusals: [(String, (inout ExperimentSpecification) -> Void)] = [
            ("adapter layers=7, but the backbone has 6 blocks", { $0.adapter = AdapterSpecification(layers: 7) }),
            ("adapter dim=0", { $0.adapter = AdapterSpecification(dim: 0) }),
            ("adapter scale=0.0", { $0.adapter = AdapterSpecification(scale: 0) }),
            ("lora rank=0", { $0.lora = LowRankSpecification(rank: 0) }),
            ("one target or more", { $0.lora = LowRankSpecification(targets: []) }),
            ("lora alpha=inf", { $0.lora = LowRankSpecification(alpha: .infinity) }),
            ("lora layers=0", { $0.lora = LowRankSpecification(layers: 0) }),
            ("belong to where=deep", { $0.prompts = PromptSpecification(placement: .shallow, layers: 2) }),
            ("belong to where=deep", { $0.prompts = PromptSpecification(placement: .shallow, step: 2) }),
            ("prompts step=-1", { $0.prompts.step = -1 }),
            ("proxies step=5000", { $0.proxies.step = 5000 }),
        ]
        for (words, change) in refusals {
            var specification = ExperimentSpecification()
            change(&specification)
            let error = failure { try specification.validate(depth: 6) }
            #expect(error?.message.contains(words) == true, "\(words): \(error?.message ?? "nothing was thrown")")
        }
    }

    /// Each may be said first, so only training refuses the two together, before it begins.
    @Test func lowRankUpdatesOfWeightsThatLearn() {
        let error = failure {
            _ = try trained {
                $0.lora = LowRankSpecification()
                $0.tuning = .fullButPatchEmbedding
            }
        }
        #expect(error?.message.contains("`tune full` trains them") == true)
        #expect(!FileManager.default.fileExists(atPath: scratch("runs")))
    }

    @Test func aModelFileThatAsksForMoreThanItHolds() throws {
        let session = try trained { $0.adapter = AdapterSpecification(dim: 3) }
        try session.save(to: scratch("m.safetensors"))
        let file = try SafeTensorsFile(path: scratch("m.safetensors"))
        var metadata = file.metadata
        metadata["settings"] = metadata["settings"]?.replacingOccurrences(of: "\"dim\":3", with: "\"dim\":16384")
        #expect(metadata["settings"] != file.metadata["settings"])
        try SafeTensors.write(try file.names.map(file.array), metadata: metadata, to: scratch("lying.safetensors"))
        let error = failure { try session.restore(from: scratch("lying.safetensors")) }
        #expect(error?.message.contains("fewer than its settings ask for") == true, "\(error?.message ?? "nothing")")
        #expect(session.hasTrainedModel, "what was there stays")
    }

    @Test func theMemoryEstimateCountsWhatIsPutIn() throws {
        let session = experiment(tiny(folder))
        session.specification.applyMethod(.linear)
        try session.loadBackbone()
        func estimate(_ change: (inout ExperimentSpecification) -> Void) throws -> Int {
            var copy = session.specification
            change(&copy)
            let before = session.specification
            defer { session.specification = before }
            session.specification = copy
            return try #require(session.memoryEstimate)
        }
        let none = try estimate { _ in }
        let small = try estimate { $0.adapter = AdapterSpecification(dim: 8) }
        #expect(try none < small && small < estimate { $0.adapter = AdapterSpecification(dim: 800) })
        #expect(try none < estimate { $0.lora = LowRankSpecification(rank: 1) })
        #expect(try estimate { $0.prompts = PromptSpecification(placement: .shallow, count: 4) } < estimate { $0.prompts = PromptSpecification(placement: .shallow, count: 400) })
        let error = failure {
            session.specification.adapter = AdapterSpecification(dim: 16384)
            session.specification.training = TrainingOptions(epochs: 1, batch: 1_000_000_000, perClass: 500_000_000)
            session.specification.data = DataSpecification(name: "folder", path: folder)
            _ = try session.train(runs: scratch("runs"), texts: texts)
        }
        #expect(error?.kind == .specification, "\(error?.message ?? "nothing")")
    }

    @Test func methodsAreNamed() {
        var specification = ExperimentSpecification()
        specification.applyMethod(.adapter, bitfit: true)
        #expect(specification.method == nil && specification.methodName == "adapter bitfit")
        specification.applyMethod(.lora)
        #expect(specification.methodName == "lora" && specification.adapter == nil)
        specification.adapter = AdapterSpecification()
        #expect(specification.methodName == nil)
        specification.applyMethod(.bitfit)
        #expect(specification.methodName == "bitfit")
        specification.backbone = BackboneSpecification(name: "vit-nano")
        specification.applyMethod(.adapter)
        #expect(specification.adapter?.layers == 6, "a backbone of 6 blocks has no 7th")
    }
}
