import Experiments
import Foundation
import TensorFiles
import Testing

@Suite(.serialized) struct EvaluationTests {
    let scratch: Scratch
    let folder: String

    init() throws {
        scratch = try Scratch()
        folder = try scratch.pictures("pictures")
    }

    @Test(arguments: [
        ("far", false, 0.68458, 0.26505), ("far", true, 0.49375, 0.16063), ("near", false, 0.84417, 0.45092), ("near", true, 0.79708, 0.40804),
    ])
    func frozenFeaturesGiveThePublishedFigures(_ weights: String, _ isDistorted: Bool, _ recall: Double, _ map: Double) throws {
        var specification = ExperimentSpecification()
        specification.backbone = BackboneSpecification(name: "vit-nano", weights: weights)
        specification.data = DataSpecification(name: "glyphs", isDistorted: isDistorted)
        specification.head.kind = .none
        let found = try experiment(specification).evaluate(EvaluationOptions(recall: [1], meanAveragePrecision: true)).records[0]
        #expect(found.isFrozen)
        #expect(found.queries == 2400)
        #expect(abs((found.recall.first?.value ?? 0) - recall) < 0.0005)
        #expect(abs((found.meanAveragePrecision ?? 0) - map) < 0.0005)
    }

    @Test func partsAreMeasuredApart() throws {
        var specification = tiny(folder)
        specification.data?.validation = 0.5
        let session = experiment(specification)
        #expect(try session.evaluate(EvaluationOptions(part: .train)).records[0].classes == 2)
        #expect(try session.evaluate(EvaluationOptions(part: .validation)).records[0].classes == 2)
        #expect(try session.evaluate(EvaluationOptions(part: .test)).records[0].classes == 4)
        session.specification.data?.validation = 0
        #expect(failure { _ = try session.evaluate(EvaluationOptions(part: .validation)) }?.help.first?.contains("validate=0.2") == true)
    }

    @Test func stopsBetweenBatches() {
        #expect(throws: StoppedEarly.self) { try experiment(tiny(folder)).evaluate(progress: { _, _ in false }) }
    }

    @Test func trainedModelIsUsedWhileItFits() throws {
        let session = experiment(tiny(folder))
        _ = try session.train(runs: scratch("runs"), texts: texts)
        #expect(try !session.evaluate().records[0].isFrozen)
        session.specification.prompts.count = 3
        #expect(session.hasOutdatedModel)
        #expect(try session.evaluate().records[0].isFrozen)
        session.specification.prompts.count = 2
        #expect(try !session.evaluate().records[0].isFrozen)
    }

    @Test func embeddingsAreUnitRows() throws {
        let session = experiment(tiny(folder))
        let file = scratch("test.safetensors")
        let summary = try session.embed(to: file)
        #expect(summary.images == 16)
        #expect(summary.width == 16)
        let read = try SafeTensorsFile(path: file)
        let rows = try read.array("embeddings")
        #expect(rows.shape == [16, 16])
        for row in 0..<16 { #expect(abs(rows.values[row * 16..<row * 16 + 16].reduce(0) { $0 + $1 * $1 } - 1) < 1e-5) }
        #expect(try read.integers("labels").values.prefix(5) == [0, 0, 0, 0, 1])
        #expect(read.metadata["names"]?.contains("class04/0.png") == true)
        let other = scratch("folder.npy")
        #expect(try session.embed(to: other, images: folder + "/class04").images == 4)
        // A batch of another size is cut into other products: equal to rounding.
        let largest = zip(try NPY.read(path: other).values, rows.values).map { abs($0 - $1) }.max() ?? 1
        #expect(largest < 1e-5)
        #expect(failure { _ = try session.embed(to: other, images: scratch("nothing")) }?.kind == .input)
    }

    @Test func searchLeavesTheQueryOutAndKnowsItsClass() throws {
        let session = experiment(tiny(folder))
        let query = folder + "/class05/1.png"
        let found = try session.search(path: query, k: 5)
        #expect(found.queryClass == "class05")
        #expect(found.hits.count == 5)
        #expect(!found.hits.contains { $0.name == "class05/1.png" })
        #expect(zip(found.hits, found.hits.dropFirst()).allSatisfy { $0.similarity >= $1.similarity })
        #expect(found.hits.allSatisfy { $0.isSameClass == ($0.className == "class05") })
        #expect(try session.search(path: query, k: 99).hits.count == 15)
        try FileManager.default.copyItem(atPath: query, toPath: scratch("copy.png"))
        let copy = try session.search(path: scratch("copy.png"), k: 5)
        #expect(copy.queryClass == "class05", "known by its pixels")
        #expect(copy.hits.map(\.name) == found.hits.map(\.name))
        let other = try scratch.pictures("strangers", classes: 1, images: 1, side: 30)
        let stranger = try session.search(path: other + "/class00/0.png", k: 2)
        #expect(stranger.queryClass == nil)
        #expect(stranger.hits.count == 2 && stranger.hits.allSatisfy { $0.isSameClass == nil })
    }

    @Test func picturesOfTheWrongSizeAreNamed() throws {
        var specification = tiny(folder)
        specification.augmentation.kind = .none
        let error = failure { _ = try experiment(specification).evaluate() }
        #expect(error?.message == "class04/0.png is 20 x 20 pixels, but vit takes 16 x 16")
    }
}
