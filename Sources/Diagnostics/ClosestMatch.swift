/// The name nearest to a misspelled one: fewest insertions, deletions, replacements and swaps of neighbours.
///
///     closestMatch(to: "aplha", among: ["alpha", "keep"])  // "alpha"
///
/// Capitals count only between names that are equally near.
///
/// - Returns: the first of equals. Where nothing is near, as more than a third of the letters would have to change: the only one that
///   begins with the name, or that the name begins with; else nil.
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
    return best?.name ?? soleCompletion(of: name, among: candidates)
}

/// The one candidate that the name is the beginning of, or whose beginning it is up to a `-`: `triplet-loss` for `triplet`.
private func soleCompletion(of name: String, among candidates: some Sequence<String>) -> String? {
    let name = name.lowercased()
    guard name.utf8.count >= 3 else { return nil }
    var found: Set<String> = []
    for candidate in candidates {
        let other = candidate.lowercased()
        if other.hasPrefix(name) || other.utf8.count >= 3 && name.hasPrefix(other + "-") { found.insert(candidate) }
    }
    return found.count == 1 ? found.first : nil
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
