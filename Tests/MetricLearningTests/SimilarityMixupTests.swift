import Foundation
import MetricLearning
import RandomStreams
import TensorEngine
import Testing

@Suite struct SimilarityMixupTests {
    let engine: Engine
    init() throws { engine = try Engine(threads: 2) }

    /// The smooth recall over a matrix of similarities, straight from the equations.
    private func smoothRecall(_ s: [[Double]], _ labels: [Int], ks: [Int]) -> Double {
        func sigma(_ x: Double, _ t: Double) -> Double { 1 / (1 + exp(min(max(-x / t, -50), 50))) }
        let n = labels.count
        let values = (0..<n).map { q -> Double in
            let positives = (0..<n).filter { $0 != q && labels[$0] == labels[q] }
            let ranks = positives.map { p in 1 + (0..<n).filter { $0 != p }.reduce(0.0) { $0 + sigma(s[q][$1] - s[q][p], 0.2) } }
            return ks.map { k in min(Double(k), ranks.reduce(0) { $0 + sigma(Double(k) - $1, 1) }) / Double(min(k, positives.count)) }.reduce(0, +) / Double(ks.count)
        }
        return 1 - values.reduce(0, +) / Double(n)
    }

    /// s(v, z) = a s(x, z) + (1 - a) s(y, z), also between two virtual examples, computed on similarities as the paper does.
    @Test func mixesSimilarities() throws {
        let labels = [0, 0, 0, 1, 1, 1]
        let e = noise([6, 4], "e")
        let place = BatchPlace(seed: 3, epoch: 1, step: 2)
        var stream = place.stream(.mixing)
        var mixtures: [[(Int, Double)]] = labels.indices.map { [($0, 1)] }
        var classes = labels
        for (i, j) in [(0, 1), (0, 2), (1, 2), (3, 4), (3, 5), (4, 5)] {
            let share = Double(Float(stream.uniform()))
            mixtures.append([(i, share), (j, 1 - share)])
            classes.append(labels[i])
        }
        let rows = (0..<6).map { r -> [Double] in
            let row = e.array()[r * 4..<r * 4 + 4].map(Double.init)
            let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return row.map { $0 / length }
        }
        let base = rows.map { a in rows.map { b in zip(a, b).map(*).reduce(0, +) } }
        let mixed = mixtures.map { a in
            mixtures.map { b in a.reduce(0.0) { sum, x in sum + b.reduce(0.0) { $0 + x.1 * $1.1 * base[x.0][$1.0] } } }
        }
        let loss = RecallAtKLoss(ks: [1, 2, 4], rankTemperature: 0.2, isMixed: true)
        let tape = Tape(engine: engine)
        let value = try loss(embeddings: tape.constant(e), labels: labels, proxies: nil, place: place, tape: tape).value.array()[0]
        #expect(abs(Double(value) - smoothRecall(mixed, classes, ks: [1, 2, 4])) < 1e-5)
    }

    @Test func isAFunctionOfThePlace() throws {
        let labels = (0..<12).map { $0 / 3 }
        let e = noise([12, 5], "e")
        func value(_ place: BatchPlace, _ engine: Engine) throws -> Float {
            let tape = Tape(engine: engine)
            return try RecallAtKLoss(isMixed: true)(embeddings: tape.constant(e), labels: labels, proxies: nil, place: place, tape: tape).value.array()[0]
        }
        let here = try value(BatchPlace(seed: 1, epoch: 1, step: 1), engine)
        #expect(try here == value(BatchPlace(seed: 1, epoch: 1, step: 1), Engine(threads: 1)))
        #expect(try here != value(BatchPlace(seed: 1, epoch: 1, step: 2), engine))
    }
}
