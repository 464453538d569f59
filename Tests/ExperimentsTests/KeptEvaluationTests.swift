import Experiments
import Foundation
import TensorFiles
import Testing

/// What `eval` keeps in a run's folder, and what comparisons and tables make of it.
@Suite(.serialized) struct KeptEvaluationTests {
    let scratch: Scratch
    let folder: String

    init() throws {
        scratch = try Scratch()
        folder = try scratch.pictures("pictures")
    }

    /// A trained run and the session that it was trained in.
    private func trained(_ name: String, seed: UInt64 = 0, folder: String? = nil, _ change: (inout ExperimentSpecification) -> Void = { _ in }) throws -> (Experiment, String) {
        var specification = tiny(folder ?? self.folder)
        specification.seed = seed
        specification.training.name = name
        specification.training.epochs = 1
        change(&specification)
        let session = experiment(specification)
        return (session, try session.train(runs: scratch("runs"), texts: texts).run)
    }

    private func kept(_ run: String) throws -> [KeptEvaluation] { try RunFolder.open(run).metrics().kept }

    private func answers(_ run: String, _ kept: KeptEvaluation) throws -> [Int] {
        try NPY.readIntegers(path: run + "/" + kept.answers).values.map { Int($0) }
    }

    @Test func answersSayWhatRecallSays() throws {
        let (session, run) = try trained("a")
        let found = try session.evaluate(EvaluationOptions(recall: [1, 3]))
        #expect(found.run == run)
        #expect(found.notKept == nil)
        let kept = try #require(try self.kept(run).first)
        #expect(kept.record == found.records[0])
        #expect(kept.model == .last)
        #expect(kept.position == TrainingPosition(epoch: 1, step: 0))
        let answers = try answers(run, kept)
        #expect(answers.count == 16)
        for recall in found.records[0].recall {
            #expect(Double(answers.count { 1...recall.k ~= $0 }) / 16 == recall.value)
        }
    }

    @Test func frozenFeaturesAndSavedModelsBelongToNoRun() throws {
        let (session, _) = try trained("a")
        try session.save(to: scratch("model.safetensors"))
        try session.restore(from: scratch("model.safetensors"))
        #expect(try session.evaluate().run == nil)
        #expect(try experiment(tiny(folder)).evaluate().run == nil)
    }

    @Test func eachKindAndPartIsKeptAndRepeatedOnesReplaced() throws {
        let (session, run) = try trained("a")
        _ = try session.evaluate(EvaluationOptions(recall: [1, 9], embeddings: [.head, .feature]))
        _ = try session.evaluate(EvaluationOptions(part: .train, recall: [1]))
        _ = try session.evaluate(EvaluationOptions(recall: [1, 9], meanAveragePrecision: true))
        #expect(try kept(run).map { "\($0.record.part) \($0.record.embedding)" } == ["test feature", "train head", "test head"])
        // Fewer ranks are asked for: the deeper answers stay.
        _ = try session.evaluate(EvaluationOptions(recall: [2]))
        #expect(try kept(run).filter { $0.record.embedding == .head && $0.record.part == .test }.map(\.depth) == [9, 9])
    }

    @Test func kindsOfEmbeddings() throws {
        let (session, _) = try trained("a")
        let records = try session.evaluate(EvaluationOptions(recall: [1], meanAveragePrecision: true, embeddings: EmbeddingKind.allCases)).records
        #expect(records.map(\.embedding) == EmbeddingKind.allCases)
        for record in records {
            let alone = try session.evaluate(EvaluationOptions(recall: [1], meanAveragePrecision: true, embeddings: [record.embedding])).records[0]
            #expect(alone.meanAveragePrecision == record.meanAveragePrecision)
        }
        let frozen = try experiment(tiny(folder)).evaluate(EvaluationOptions(embeddings: [.feature, .featureRaw])).records
        #expect(frozen.map(\.isFrozen) == [true, true])
        #expect(failure { _ = try experiment(tiny(folder)).evaluate(EvaluationOptions(embeddings: [.head])) }?.kind == .state)
        #expect(failure { _ = try session.evaluate(EvaluationOptions(embeddings: [])) }?.kind == .specification)
    }

    @Test func figuresAreThereWhenAskedFor() throws {
        let (session, _) = try trained("a")
        let plain = try session.evaluate().records[0]
        #expect([plain.averagePrecision, plain.meanAveragePrecisionCounted, plain.normalizedMutualInformation, plain.pairF1, plain.interval] == [nil, nil, nil, nil, nil])
        #expect(plain.recall.map(\.k) == [1, 2, 4, 8])
        let options = EvaluationOptions(recall: [1], countsQuery: true, wholeRanking: true, clustering: .init(restarts: 2), interval: 0.9)
        let full = try session.evaluate(options).records[0]
        #expect(try session.evaluate(options).records[0].normalizedMutualInformation == full.normalizedMutualInformation)
        for value in [full.averagePrecision, full.meanAveragePrecisionCounted, full.normalizedMutualInformation, full.pairF1] {
            #expect(value.map { 0...1 ~= $0 } == true)
        }
        let recall = full.recall[0]
        #expect((recall.lower ?? 2) <= recall.value && recall.value <= (recall.upper ?? -1))
        #expect(try session.evaluate(EvaluationOptions(clustering: .init(clusters: 16))).records[0].pairF1 == 0, "one picture a cluster")
    }

    @Test func whatCannotBeMeasuredIsRefused() throws {
        let session = experiment(tiny(folder))
        func message(_ options: EvaluationOptions) -> String { failure { _ = try session.evaluate(options) }?.message ?? "" }
        #expect(message(EvaluationOptions(recall: [16])) == "recall@16 looks at the 16 nearest, but a query of the test half of pictures has 15 to be found among")
        #expect(message(EvaluationOptions(recall: [15])) == "")
        #expect(message(EvaluationOptions(clustering: .init(clusters: 17))) == "k-means cannot make 17 clusters of the 16 pictures of the test half of pictures")
        #expect(message(EvaluationOptions(recall: [2, 1])).contains("must increase"))
        #expect(message(EvaluationOptions(interval: 1)).contains("above 0 and below 1"))
        let single = experiment(tiny(try scratch.pictures("single", images: 1)))
        #expect(failure { _ = try single.evaluate() }?.message == "every class of the test half of single has one picture, so no picture has another one to find")
    }

    // MARK: Comparisons

    @Test func comparesQueryByQuery() throws {
        let (one, a) = try trained("a", seed: 1)
        let (two, b) = try trained("b", seed: 2)
        _ = try one.evaluate(EvaluationOptions(recall: [1, 5]))
        _ = try two.evaluate(EvaluationOptions(recall: [1, 5]))
        let found = try Experiment().compare(a, b, k: 2)
        let both = (try answers(a, kept(a)[0]), try answers(b, kept(b)[0]))
        let pairs = zip(both.0, both.1).map { (1...2 ~= $0.0, 1...2 ~= $0.1) }
        #expect(found.queries == 16)
        #expect(found.first.onlyHere == pairs.count { $0.0 && !$0.1 })
        #expect(found.second.onlyHere == pairs.count { !$0.0 && $0.1 })
        #expect(found.difference == Double(found.second.onlyHere - found.first.onlyHere) / 16)
        #expect(found.lower <= found.difference && found.difference <= found.upper)
        #expect(found.trainedAlike)
        let swapped = try Experiment().compare(b, a, k: 2)
        #expect(swapped.difference == -found.difference)
        #expect(swapped.pValue == found.pValue)
        let same = try Experiment().compare(a, a)
        #expect((same.difference, same.lower, same.upper, same.pValue) == (0, 0, 0, 1))
    }

    @Test func refusesWhatIsNotThere() throws {
        let (one, a) = try trained("a")
        let (_, b) = try trained("b", seed: 1)
        _ = try one.evaluate(EvaluationOptions(recall: [1]))
        #expect(failure { _ = try Experiment().compare(a, b) }?.message.contains("runs/b keeps no answers of single queries on the test half") == true)
        #expect(failure { _ = try Experiment().compare(a, a, part: .train) }?.help.first?.contains("`eval on=train`") == true)
        #expect(failure { _ = try Experiment().compare(a, a, k: 9) }?.message.contains("up to recall@4, not recall@9") == true)
        #expect(failure { _ = try Experiment().compare(a, scratch("nothing")) }?.message.contains("not the folder of a run") == true)
        #expect(failure { _ = try Experiment().compare(a, a, interval: 2) }?.kind == .specification)
    }

    @Test func refusesOtherPictures() throws {
        let (one, a) = try trained("a")
        let (two, b) = try trained("b", folder: try scratch.pictures("others", side: 21))
        _ = try one.evaluate()
        _ = try two.evaluate()
        #expect(failure { _ = try Experiment().compare(a, b) }?.message.contains("different pictures of the test half") == true)
        // The same test pictures, but fewer classes to train on: comparable, and said.
        let (three, c) = try trained("c") { $0.data?.validation = 0.5 }
        _ = try three.evaluate()
        #expect(try Experiment().compare(a, c).trainedAlike == false)
    }

    // MARK: The table

    @Test func runsThatDifferInTheSeedShareARow() throws {
        var paths: [String] = []
        for seed in [0, 1, 2] as [UInt64] {
            let (session, run) = try trained("s\(seed)", seed: seed)
            if seed < 2 { _ = try session.evaluate(EvaluationOptions(meanAveragePrecision: true)) }
            paths.append(run)
        }
        let (_, linear) = try trained("linear") { $0.applyMethod(.linear) }
        let (_, mixed) = try trained("mixed") { $0.prompts.isOn = false }
        let listener = Listener()
        var begun = tiny(folder)
        begun.training.name = "begun"
        _ = try experiment(begun).train(runs: scratch("runs"), texts: texts, observer: listener, shouldStop: { listener.steps.count >= 2 })
        let table = try PaperTable(runs: paths + [linear, mixed, scratch("runs/begun"), scratch("nothing")], figure: .last)
        let row = try #require(table.rows.first { $0.published?.method == "vptsp-g" })
        #expect(row.runs == paths)
        #expect(row.seeds == [0, 1, 2])
        #expect(row.peakMemory.count == 3)
        let measured = try paths.prefix(2).map { try kept($0)[0].record.recall[0].value }
        #expect(row.recall == measured)
        #expect(row.meanAveragePrecision.count == 2)
        #expect(row.percentOfPaper == nil, "another backbone")
        let manifest = try RunFolder.open(linear).manifest()
        let own = try #require(table.rows.first { $0.published?.method == "linear" })
        #expect(own.trained == manifest.trainableParameters)
        #expect(own.percentOfBackbone == 100 * Double(manifest.trainableParameters) / Double(manifest.backboneParameters))
        #expect(table.rows.last?.runs == [mixed])
        #expect(table.rows.prefix(11).compactMap { $0.published?.method } == PublishedRow.table1.map(\.method))
        #expect(table.leftOut.map(\.run) == [scratch("runs/begun"), scratch("nothing")])
        #expect(table.leftOut[0].reason == "it has not trained to its end")
        #expect(failure { _ = try PaperTable(runs: [scratch("nothing")], figure: .last) }?.kind == .input)
    }

    @Test func theTableShowsTheFigureAskedFor() throws {
        let (_, run) = try trained("a") {
            $0.training.epochs = 4
            $0.training.evaluateEvery = 1
            $0.optimizer.rate = 0.02
        }
        let metrics = try RunFolder.open(run).metrics()
        for figure in [RunEpoch.last, .best] {
            let table = try PaperTable(runs: [run], figure: figure)
            let row = try #require(table.rows.first { !$0.runs.isEmpty })
            let known = try #require(metrics.figure(of: figure)?.recall.first?.value)
            #expect(row.recall == [known])
        }
        let chosen = try PaperTable(runs: [run], figure: .chosen)
        #expect(chosen.rows.first { !$0.runs.isEmpty }?.recall == [])
    }

    @Test func sharesOfAViTS16() {
        #expect(abs(100 * 187_008 / PublishedRow.wholeOfPaper - 0.62) < 0.005)
        #expect(PublishedRow.table1.map(\.trained) == [30.2, 0.19, 0.26, 1.57, 0.46, 0.23, 0.30, 0.60, 0.67, 1.48, 1.56])
        #expect(PublishedRow.table1.map(\.recall).max() == 86.6)
    }
}
