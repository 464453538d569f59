/// The pairs or triplets of a batch that a miner chose.
package struct MinedTuples {
    /// Partners of one anchor; as triplets, a positive and the negative at the same place belong together.
    package struct Anchor {
        package var positives: [Int] = []
        package var negatives: [Int] = []
    }

    package let anchors: [Anchor]
    package let areTriplets: Bool

    func positives(_ anchor: Int) -> [Int] { anchors[anchor].positives }
    func negatives(_ anchor: Int) -> [Int] { anchors[anchor].negatives }

    /// Each once, in ascending order.
    func distinctPositives(_ anchor: Int) -> [Int] { areTriplets ? Set(positives(anchor)).sorted() : positives(anchor) }
    func distinctNegatives(_ anchor: Int) -> [Int] { areTriplets ? Set(negatives(anchor)).sorted() : negatives(anchor) }

    /// The triplets of an anchor; pairs make one of each positive with each negative.
    package func forEachTriplet(of anchor: Int, _ body: (_ positive: Int, _ negative: Int) -> Void) {
        let own = anchors[anchor]
        if areTriplets {
            for (p, q) in zip(own.positives, own.negatives) { body(p, q) }
        } else {
            for p in own.positives { for q in own.negatives { body(p, q) } }
        }
    }
}
