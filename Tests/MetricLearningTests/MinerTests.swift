import Foundation
import MetricLearning
import TensorEngine
import Testing

/// Miners against pytorch-metric-learning, and the random one against its distribution.
@Suite struct MinerTests {
    let engine: Engine
    let golden: Golden
    init() throws {
        engine = try Engine(threads: 2)
        golden = try Golden("miners")
    }

    static let miners: [(String, Miner)] = [
        ("semihard", .semihard(margin: 0.2)), ("hard", .hard), ("batch-hard", .batchHard), ("multi-similarity", .multiSimilarity(epsilon: 0.1)),
    ]

    private func mined(_ miner: Miner, _ embeddings: Tensor, _ labels: [Int], place: BatchPlace = BatchPlace(), engine: Engine) throws -> MinedTuples {
        let tape = Tape(engine: engine, recording: false)
        let unit = tape.normalizeRows(tape.constant(embeddings))
        let cosines = try tape.matmul(unit, unit, transposeB: true).value
        return miner.mined(from: cosines, labels: labels, width: embeddings.shape[1], place: place, pool: engine.pool)
    }

    /// Rows of two or three numbers, sorted.
    private func sorted(_ rows: [[Int]]) -> [[Int]] { rows.sorted { $0.lexicographicallyPrecedes($1) } }

    private func rows(_ name: String, width: Int) throws -> [[Int]] {
        let values = try golden.labels(name)
        return stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
    }

    @Test(arguments: miners.map(\.0)) func chooseAsTheLibrary(_ name: String) throws {
        let miner = try #require(Self.miners.first { $0.0 == name }?.1)
        let found = try mined(miner, golden.tensor("embeddings"), golden.labels(), engine: engine)
        if name == "multi-similarity" {
            #expect(!found.areTriplets)
            for (part, path) in [("positives", \MinedTuples.Anchor.positives), ("negatives", \.negatives)] {
                let pairs = (0..<found.count).flatMap { a in found[a][keyPath: path].map { [a, $0] } }
                #expect(try sorted(pairs) == rows("\(name).\(part)", width: 2))
            }
        } else {
            var triplets: [[Int]] = []
            for a in (0..<found.count) { found.forEachTriplet(of: a) { triplets.append([a, $0, $1]) } }
            #expect(try sorted(triplets) == rows("\(name).triplets", width: 3))
        }
    }

    @Test(arguments: miners.map(\.0), ["triplet", "contrastive", "multi-similarity", "nt-xent", "sup-con", "circle", "lifted-structure"]) func lossesOverThemAreTheLibrarys(_ name: String, _ lossName: String) throws {
        let miner = try #require(Self.miners.first { $0.0 == name }?.1)
        let loss: any Loss = switch lossName {
        case "triplet": TripletLoss(margin: 0.1, miner: miner)
        case "contrastive": ContrastiveLoss(positiveMargin: 0.1, negativeMargin: 0.9, miner: miner)
        case "multi-similarity": MultiSimilarityLoss(alpha: 2, beta: 10, base: 0.5, miner: miner)
        case "nt-xent": NTXentLoss(temperature: 0.2, miner: miner)
        case "sup-con": SupConLoss(temperature: 0.2, miner: miner)
        case "circle": CircleLoss(margin: 0.4, gamma: 8, miner: miner)
        default: LiftedStructureLoss(positiveMargin: 0, negativeMargin: 1, miner: miner)
        }
        let found = try evaluate(loss, golden.tensor("embeddings"), golden.labels(), engine: engine)
        let value = try golden.tensor("\(name).\(lossName).loss").array()[0]
        #expect(abs(found.value - value) < 1e-4 * abs(value), "\(found.value), expected \(value)")
        #expect(try worst(found.embeddings, golden.tensor("\(name).\(lossName).grad")) < 1e-3)
    }

    /// All triplets of a batch, each once: class sizes 4, 4, 4, 2, 3, 1 of 18.
    @Test func allIsEverything() throws {
        let found = try mined(.all, golden.tensor("embeddings"), golden.labels(), engine: engine)
        var count = 0
        for a in (0..<found.count) { found.forEachTriplet(of: a) { _, _ in count += 1 } }
        #expect(count == [4, 4, 4, 2, 3, 1].reduce(0) { $0 + $1 * ($1 - 1) * (18 - $1) })
    }

    // MARK: Distance-weighted

    /// One anchor with a partner, and negatives at chosen angles in three dimensions, where a distance's weight is 1 / d.
    private func fan(_ degrees: [Double]) throws -> (Tensor, [Int]) {
        let angles = [0, 1] + degrees
        let values = angles.flatMap { [Float(cos($0 * .pi / 180)), Float(sin($0 * .pi / 180)), 0] }
        return (try Tensor(values, shape: [angles.count, 3]), [0, 0] + degrees.indices.map { $0 + 1 })
    }

    @Test func negativesAreDrawnByTheirDistance() throws {
        let degrees = [10.0, 40, 60, 80, 100]
        let (embeddings, labels) = try fan(degrees)
        var counts = [Int](repeating: 0, count: degrees.count)
        let steps = 4000
        for step in 0..<steps {
            let found = try mined(.distanceWeighted(cutoff: 0.5, farthest: 1.4), embeddings, labels, place: BatchPlace(seed: 1, step: step), engine: engine)
            #expect(found[0].positives == [1, 1])
            for negative in found[0].negatives { counts[negative - 2] += 1 }
        }
        // 10 degrees count as the cutoff, 100 degrees lie beyond the farthest.
        let distances = degrees.map { max(2 * sin($0 * .pi / 360), 0.5) }
        let weights = distances.map { $0 < 1.4 ? 1 / $0 : 0 }
        for (count, weight) in zip(counts, weights) {
            let share = weight / weights.reduce(0, +)
            #expect(abs(Double(count) / Double(2 * steps) - share) < 4 * (share * (1 - share) / Double(2 * steps)).squareRoot() + 1e-9)
        }
    }

    @Test func drawsAreAFunctionOfThePlace() throws {
        let (embeddings, labels) = (noise([24, 8], "e"), (0..<24).map { $0 / 4 })
        func draws(_ place: BatchPlace, _ engine: Engine) throws -> [[Int]] {
            let found = try mined(.distanceWeighted(cutoff: 0.5, farthest: 1.4), embeddings, labels, place: place, engine: engine)
            return (0..<found.count).map { found[$0].positives + found[$0].negatives }
        }
        let here = try draws(BatchPlace(seed: 4, epoch: 2, step: 7), engine)
        #expect(try here == draws(BatchPlace(seed: 4, epoch: 2, step: 7), Engine(threads: 1)))
        for other in [BatchPlace(seed: 5, epoch: 2, step: 7), BatchPlace(seed: 4, epoch: 3, step: 7), BatchPlace(seed: 4, epoch: 2, step: 8)] {
            #expect(try here != draws(other, engine))
        }
    }

    /// Wide embeddings, whose weights leave any ordinary range, and a batch without negatives near enough.
    @Test func extremesGiveNumbers() throws {
        let miner = Miner.distanceWeighted(cutoff: 0.01, farthest: 1.999)
        let wide = try mined(miner, noise([12, 2048], "wide"), (0..<12).map { $0 / 2 }, engine: engine)
        #expect((0..<wide.count).allSatisfy { wide[$0].negatives.count == 2 })
        let (embeddings, labels) = try fan([170, 180])
        let far = try mined(.distanceWeighted(cutoff: 0.5, farthest: 1.4), embeddings, labels, engine: engine)
        #expect(far[0].negatives.isEmpty)
        let found = try evaluate(TripletLoss(miner: .distanceWeighted(cutoff: 0.5, farthest: 1.4)), embeddings, labels, engine: engine)
        #expect(found.value == 0)
    }
}
