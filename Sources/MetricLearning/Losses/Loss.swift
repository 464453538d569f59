import TensorEngine

/// A metric-learning loss: one number from a batch's embeddings and, for some, one or more proxies a class.
///
/// Each loss normalises rows itself, as pytorch-metric-learning does, so that unit rows and raw ones give the same.
/// Only a loss whose `space` is not the sphere sees how long a row is.
public protocol Loss: Sendable {
    /// Proxies a class that it needs: 0 for losses over pairs, 1 for most others, more for sub-centers.
    var proxiesPerClass: Int { get }
    /// Where it compares embeddings, and with it whoever looks for neighbours. On the sphere rows may come at any length;
    /// anywhere else the loss must be given the head's raw output.
    var space: EmbeddingSpace { get }
    /// - Parameters:
    ///   - embeddings: (B, E)
    ///   - labels: the class of each row, 0 up to below the number of classes
    ///   - proxies: (C x proxiesPerClass, E), a class's proxies together; nil where `proxiesPerClass` is 0
    ///   - place: of the batch, for losses that draw at random
    /// - Returns: shape (1)
    func callAsFunction(embeddings: Variable, labels: [Int], proxies: Variable?, place: BatchPlace, tape: Tape) throws -> Variable
}

extension Loss {
    public var proxiesPerClass: Int { 0 }
    public var space: EmbeddingSpace { .sphere }

    /// The same for a batch that stands in no training.
    public func callAsFunction(embeddings: Variable, labels: [Int], proxies: Variable?, tape: Tape) throws -> Variable {
        try self(embeddings: embeddings, labels: labels, proxies: proxies, place: BatchPlace(), tape: tape)
    }
}

/// What a loss over a matrix of similarities writes for one row (or column) and may read of it.
struct Slope {
    /// The matrix and dL/dmatrix, (rows, columns), row-major; the slope starts at zero.
    let values: UnsafePointer<Float>
    let slopes: UnsafeMutablePointer<Float>
    let rows: Int
    let columns: Int

    func value(_ row: Int, _ column: Int) -> Double { Double(values[row * columns + column]) }
    func add(_ slope: Double, _ row: Int, _ column: Int) { slopes[row * columns + column] += Float(slope) }
}

extension Tape {
    /// Cosines of all rows of `a` and `b`: (A, E), (B, E) to (A, B).
    func cosines(_ a: Variable, _ b: Variable) throws -> Variable {
        try matmul(normalizeRows(a), normalizeRows(b), transposeB: true)
    }

    /// Cosines of all rows with each other.
    func cosines(_ x: Variable) throws -> Variable {
        let unit = normalizeRows(x)
        return try matmul(unit, unit, transposeB: true)
    }

    /// A fused loss over a matrix: for each part (a row, say) the value and, into the slope, dL/dmatrix.
    ///
    /// Parts write to disjoint places and their values are added in order, so threads change nothing.
    func loss(over matrix: Variable, parts: Int, _ part: (Int, Slope) -> Double) throws -> Variable {
        let slope = Tensor(zeros: matrix.shape)
        let view = Slope(
            values: UnsafePointer(matrix.value.pointer), slopes: slope.pointer, rows: matrix.shape[0], columns: matrix.shape[1])
        var values = [Double](repeating: 0, count: parts)
        values.withUnsafeMutableBufferPointer { values in
            let places = values
            engine.pool.run(parts) { places[$0] = part($0, view) }
        }
        let value = try Tensor([Float(values.reduce(0, +))], shape: [1])
        return record(value, inputs: [matrix]) { gradient in
            guard gradient.pointer[0] != 1 else { return [slope] }
            let result = slope.copy()
            for i in 0..<result.count { result.pointer[i] *= gradient.pointer[0] }
            return [result]
        }
    }
}

/// Checks that hold for every loss.
enum LossInput {
    /// - Throws: `MetricLearningError` when the rows are not a matrix with a label for each.
    static func check(_ embeddings: Variable, _ labels: [Int]) throws {
        guard embeddings.shape.count == 2, embeddings.shape[0] == labels.count, !labels.isEmpty else {
            throw MetricLearningError("a loss got embeddings of shape \(embeddings.shape) and \(labels.count) labels; expected one label a row")
        }
    }

    /// The number of classes that `proxies` stand for.
    static func classes(_ embeddings: Variable, _ labels: [Int], _ proxies: Variable?, perClass: Int) throws -> (Variable, Int) {
        try check(embeddings, labels)
        guard let proxies else { throw MetricLearningError("this loss needs proxies: one or more rows a class") }
        guard perClass > 0, proxies.shape.count == 2, proxies.shape[1] == embeddings.shape[1], proxies.shape[0] % perClass == 0 else {
            throw MetricLearningError(
                "proxies of shape \(proxies.shape) do not fit embeddings of shape \(embeddings.shape) with \(perClass) proxies a class")
        }
        let classes = proxies.shape[0] / perClass
        if let wrong = labels.first(where: { $0 < 0 || $0 >= classes }) {
            throw MetricLearningError("label \(wrong) has no proxy; there are \(classes) classes")
        }
        return (proxies, classes)
    }
}

/// log of a sum of exponentials, added one term at a time without overflow. An empty sum has `terms` 0.
struct LogSum {
    private(set) var largest = -Double.infinity
    private var scaled = 0.0
    private(set) var terms = 0

    mutating func add(_ x: Double) {
        terms += 1
        if x <= largest {
            scaled += exponential(x - largest)
        } else {
            scaled = scaled * exponential(largest - x) + 1
            largest = x
        }
    }

    /// The logarithm; minus infinity for an empty sum.
    var value: Double { terms == 0 ? -.infinity : largest + logarithm(scaled) }
    /// Share of the term `x` in the sum: d value / d x.
    func share(_ x: Double) -> Double { exponential(x - value) }
}
