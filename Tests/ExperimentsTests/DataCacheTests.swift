import Experiments
import Foundation
import Testing

/// `cache=` and `decode=` of `data`, as evaluation and training meet them.
@Suite(.serialized) struct DataCacheTests {
    let scratch: Scratch
    let folder: String

    init() throws {
        scratch = try Scratch()
        folder = try scratch.pictures("pictures")
    }

    /// The figures do not say how long they took.
    private func figures(_ session: Experiment) throws -> EvaluationRecord {
        var record = try session.evaluate(EvaluationOptions(recall: [1, 2], meanAveragePrecision: true)).records[0]
        record.seconds = 0
        return record
    }

    @Test func aCacheNeverChangesAResult() throws {
        let plain = try figures(experiment(tiny(folder)))
        var specification = tiny(folder)
        specification.data?.cache = scratch("crops")
        #expect(try figures(experiment(specification)) == plain)
        let again = experiment(specification)
        #expect(try figures(again) == plain)
        #expect(try again.evaluate().cacheTrouble == nil)
        let entries = FileManager.default.enumerator(atPath: scratch("crops"))?.compactMap { $0 as? String }.filter { $0.hasSuffix(".crop") } ?? []
        #expect(entries.count == 16)
    }

    @Test func aFullCacheIsToldAndDoesNoHarm() throws {
        var specification = tiny(folder)
        // Sixteen crops of 75 KiB.
        specification.backbone = BackboneSpecification(name: "vit", shape: .init(image: 160, patch: 80, dim: 16, depth: 2, heads: 2))
        let plain = try figures(experiment(specification))
        specification.data?.cache = scratch("crops")
        specification.data?.cacheLimit = 1 << 20
        let session = experiment(specification)
        #expect(try session.evaluate().cacheTrouble == "3 pictures had no room in it; cache-limit= gives it more")
        #expect(try figures(session) == plain)
    }

    @Test func aRunGoesOnWithAnotherCacheButNotWithAnotherDecoding() throws {
        var specification = tiny(folder)
        specification.training.epochs = 2
        let first = experiment(specification)
        _ = try first.train(runs: scratch("runs"), texts: texts, untilEpoch: 1)
        first.specification.data?.cache = scratch("crops")
        let listener = Listener()
        _ = try first.train(runs: scratch("runs"), texts: texts, observer: listener)
        #expect(listener.steps.first?.epoch == 1)
        first.specification.data?.decoding = .fast
        first.specification.training.epochs = 3
        let other = Listener()
        _ = try first.train(runs: scratch("runs"), texts: texts, observer: other)
        #expect(other.steps.first?.epoch == 0)
    }

    @Test func aLimitNeedsACache() {
        let problem = failure { try DataSpecification(name: "folder", path: folder, cacheLimit: 1 << 30).validate() }
        #expect(problem?.kind == .specification)
    }

    @Test func aFolderThatCannotBeWrittenIsAnErrorThatNamesIt() throws {
        try Data([1]).write(to: URL(fileURLWithPath: scratch("file")))
        var specification = tiny(folder)
        specification.data?.cache = scratch("file") + "/crops"
        let problem = failure { try experiment(specification).loadData() }
        #expect(problem.map { "\($0)" }?.contains(scratch("file") + "/crops") == true)
    }
}
