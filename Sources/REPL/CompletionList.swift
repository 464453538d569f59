/// The possibilities as a list with their summaries, shown below the line.
package enum CompletionList {
    /// Longer lists are shown as words alone, in columns.
    private static let mostLines = 30

    /// One candidate a line, cut to the window; nil where words in columns are better.
    package static func text(_ completions: Completions, width: Int) -> String? {
        let candidates = completions.candidates
        guard candidates.count <= mostLines, candidates.contains(where: { !$0.summary.isEmpty }) else { return nil }
        let longest = candidates.map(\.text.count).max() ?? 0
        return candidates.map { candidate in
            let name = candidate.text + String(repeating: " ", count: longest - candidate.text.count)
            let line = candidate.summary.isEmpty ? "  " + candidate.text : "  \(name)  \(candidate.summary)"
            return String(line.prefix(max(20, width - 1))) + "\n"
        }.joined()
    }
}
