/// The name nearest to a misspelled one: fewest insertions, deletions, replacements and swaps of neighbours.
///
///     closestMatch(to: "aplha", among: ["alpha", "keep"])  // "alpha"
///
/// Capitals count only between names that are equally near.
///
/// - Returns: nil when nothing is near: more than a third of the letters would have to change. The first of equals.
public func closestMatch(to name: String, among candidates: some Sequence<String>) -> String? {
    let letters = Array(name.lowercased().utf8.prefix(64))
    guard !letters.isEmpty else { return nil }
    let exact = Array(name.utf8.prefix(64))
    var best: (name: String, distance: (Int, Int))?
    for candidate in candidates {
        let other = Array(candidate.lowercased().utf8.prefix(64))
        let limit = max(1, max(letters.count, other.count) / 3)
        guard abs(letters.count - other.count) <= limit else { continue }
        let distance = editDistance(letters, other)
        guard distance <= limit, distance < min(letters.count, other.count) else { continue }
        let ranked = (distance, editDistance(exact, Array(candidate.utf8.prefix(64))))
        if best.map({ ranked < $0.distance }) ?? true { best = (candidate, ranked) }
    }
    return best?.name
}

/// Optimal string alignment distance. O(n m) time.
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in 0..<left.count {
        var current = [row + 1]
        for column in 0..<right.count {
            let replacement = last[column] + (left[row] == right[column] ? 0 : 1)
            var cost = min(replacement, last[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                cost = min(cost, beforeLast[column - 1] + 1)
            }
            current.append(cost)
        }
        (beforeLast, last) = (last, current)
    }
    return last[right.count]
}
