import TensorEngine

/// Proxy-Anchor (Kim et al. 2020), over the cosines s of embeddings and proxies:
///
///     neg = (1/C) sum_c log(1 + sum_{i not of c} exp(a (s_ic + d)))
///     pos = (1/N) sum_c log(1 + sum_{i of c} exp(-a (s_ic - d)))
///
/// `nca` turns it over: the inner sums run over the classes of each sample, the outer means over samples.
public struct ProxyAnchorLoss: Loss, Equatable {
    /// N of the positive term.
    public enum Divisor: String, Sendable, CaseIterable {
        /// All C classes, as the program of Ren et al. 2024 has it.
        case all
        /// The classes present in the batch, as the paper of Kim et al. 2020 has it.
        case present
    }
    public enum Mode: String, Sendable, CaseIterable { case anchor, nca }

    /// a, above 0.
    public var alpha: Double
    /// d.
    public var delta: Double
    public var divide: Divisor
    public var mode: Mode

    public init(alpha: Double = 32, delta: Double = 0.1, divide: Divisor = .all, mode: Mode = .anchor) {
        (self.alpha, self.delta, self.divide, self.mode) = (alpha, delta, divide, mode)
    }

    public var proxiesPerClass: Int { 1 }

    public func callAsFunction(embeddings: Variable, labels: [Int], proxies: Variable?, place: BatchPlace, tape: Tape) throws -> Variable {
        let (proxies, classes) = try LossInput.classes(embeddings, labels, proxies, perClass: 1)
        let cosines = try tape.cosines(embeddings, proxies)
        if mode == .nca {
            let share = 1 / Double(labels.count)
            return try tape.loss(over: cosines, parts: labels.count) { row, s in
                line(s, (0..<classes).lazy.map { (row, $0, $0 == labels[row]) }, positiveWeight: share, negativeWeight: share)
            }
        }
        let share = 1 / Double(divide == .all ? classes : Set(labels).count)
        return try tape.loss(over: cosines, parts: classes) { column, s in
            line(s, labels.indices.lazy.map { ($0, column, labels[$0] == column) }, positiveWeight: share, negativeWeight: 1 / Double(classes))
        }
    }

    /// Both terms of one line (a column, or a row in `nca` mode) of the cosines, and their slopes.
    private func line(
        _ s: Slope, _ places: some Sequence<(row: Int, column: Int, isPositive: Bool)>, positiveWeight: Double, negativeWeight: Double
    ) -> Double {
        // The 1 of log(1 + ...) is the term exp(0).
        var (positive, negative) = (LogSum(), LogSum())
        positive.add(0)
        negative.add(0)
        for place in places {
            let cosine = s.value(place.row, place.column)
            if place.isPositive { positive.add(-alpha * (cosine - delta)) } else { negative.add(alpha * (cosine + delta)) }
        }
        for place in places {
            let cosine = s.value(place.row, place.column)
            let slope = place.isPositive
                ? -alpha * positiveWeight * positive.share(-alpha * (cosine - delta)) : alpha * negativeWeight * negative.share(alpha * (cosine + delta))
            s.add(slope, place.row, place.column)
        }
        return positiveWeight * positive.value + negativeWeight * negative.value
    }
}
