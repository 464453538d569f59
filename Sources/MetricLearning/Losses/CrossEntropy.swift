/// -log softmax(logits)[target] of one row, and its slopes.
///
/// - Parameters:
///   - logit: of column c
///   - slope: takes d/dlogit of column c
func crossEntropy(columns: Int, target: Int, logit: (Int) -> Double, slope: (Int, Double) -> Void) -> Double {
    var sum = LogSum()
    for c in 0..<columns { sum.add(logit(c)) }
    for c in 0..<columns { slope(c, sum.share(logit(c)) - (c == target ? 1 : 0)) }
    return sum.value - logit(target)
}
