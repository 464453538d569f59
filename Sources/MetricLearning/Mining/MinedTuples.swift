/// The pairs or triplets of a batch that a miner chose.
package struct MinedTuples {
    /// Partners of one anchor; as triplets, a positive and the negative at the same place belong together.
    package struct Anchor {
        package var positives: [Int] = []
        package var negatives: [Int] = []

        init(positives: [Int] = [], negatives: [Int] = []) { (self.positives, self.negatives) = (positives, negatives) }

        /// Everything: all other rows of the anchor's class, and all of other classes.
        init(_ anchor: Int, amongAll labels: [Int]) {
            for j in labels.indices where j != anchor {
                if labels[j] == labels[anchor] { positives.append(j) } else { negatives.append(j) }
            }
        }
    }

    private let labels: [Int]
    /// Nil for everything, whose lists for a large batch would take more memory than its similarities.
    private let chosen: [Anchor]?
    package let areTriplets: Bool

    /// All pairs of a batch.
    init(allOf labels: [Int]) { (self.labels, chosen, areTriplets) = (labels, nil, false) }

    /// - Parameter anchors: of each row
    init(_ anchors: [Anchor], areTriplets: Bool) { (labels, chosen, self.areTriplets) = ([], anchors, areTriplets) }

    package var count: Int { chosen?.count ?? labels.count }

    package subscript(_ anchor: Int) -> Anchor { chosen?[anchor] ?? Anchor(anchor, amongAll: labels) }

    /// The same, each partner once, in ascending order.
    func distinct(_ anchor: Int) -> Anchor {
        let own = self[anchor]
        return areTriplets ? Anchor(positives: Set(own.positives).sorted(), negatives: Set(own.negatives).sorted()) : own
    }

    /// The triplets of an anchor; pairs make one of each positive with each negative.
    package func forEachTriplet(of anchor: Int, _ body: (_ positive: Int, _ negative: Int) -> Void) {
        let own = self[anchor]
        if areTriplets {
            for (p, q) in zip(own.positives, own.negatives) { body(p, q) }
        } else {
            for p in own.positives { for q in own.negatives { body(p, q) } }
        }
    }
}
