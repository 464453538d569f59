import TensorEngine
import VectorKernels

/// SiMix (Patel et al. 2022): a virtual example v = a x + (1 - a) y for each two images x, y of a class, a uniform in [0, 1).
///
/// The paper mixes similarities, s(v, z) = a s(x, z) + (1 - a) s(y, z); since s is a product of unit rows, mixing the rows
/// and leaving the result at its length is the same. A batch with k images a class grows by the factor (k + 1) / 2.
struct SimilarityMixup {
    /// Rows of the batch that are mixed, and the share of the first.
    private let pairs: [(first: Int, second: Int, share: Float)]
    /// The class of each virtual example.
    let labels: [Int]

    /// - Parameter labels: of the batch; pairs come in the order of their rows.
    init(labels: [Int], place: BatchPlace) {
        var stream = place.stream(.mixing)
        var pairs: [(first: Int, second: Int, share: Float)] = []
        var members: [Int: [Int]] = [:]
        for (row, label) in labels.enumerated() { members[label, default: []].append(row) }
        for first in labels.indices {
            for second in members[labels[first]] ?? [] where second > first {
                pairs.append((first, second, Float(stream.uniform())))
            }
        }
        self.pairs = pairs
        self.labels = pairs.map { labels[$0.first] }
    }

    /// The rows, then the virtual ones: (B, E) to (B + virtual, E).
    func extended(_ rows: Variable, _ tape: Tape) throws -> Variable {
        let (n, d) = (rows.shape[0], rows.shape[1])
        let result = Tensor(zeros: [n + pairs.count, d])
        result.pointer.update(from: rows.value.pointer, count: n * d)
        for (place, pair) in pairs.enumerated() {
            let row = result.pointer + (n + place) * d
            vk_axpy(row, pair.share, rows.value.pointer + pair.first * d, Int64(d))
            vk_axpy(row, 1 - pair.share, rows.value.pointer + pair.second * d, Int64(d))
        }
        return tape.record(result, inputs: [rows]) { gradient in
            let slope = Tensor(uninitialized: [n, d])
            slope.pointer.update(from: gradient.pointer, count: n * d)
            for (place, pair) in pairs.enumerated() {
                let row = gradient.pointer + (n + place) * d
                vk_axpy(slope.pointer + pair.first * d, pair.share, row, Int64(d))
                vk_axpy(slope.pointer + pair.second * d, 1 - pair.share, row, Int64(d))
            }
            return [slope]
        }
    }
}
