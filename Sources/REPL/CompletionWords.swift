/// Candidates begin where the language's word begins; Readline replaces from where its own word begins.
package enum CompletionWords {
    /// - Parameters:
    ///   - completions: offsets count from the start of the statement.
    ///   - line: the line that is edited; `start ..< end` is Readline's word in it.
    ///   - lineOffset: where the line begins in the statement.
    /// - Returns: texts for `start ..< end`, in order, without repetition.
    package static func fit(_ completions: Completions, line: [UInt8], start: Int, end: Int, lineOffset: Int) -> [String] {
        guard start >= 0, start <= end, end <= line.count else { return [] }
        let wordStart = completions.start - lineOffset
        guard wordStart >= 0, wordStart <= end else { return [] }
        var seen: Set<String> = []
        return completions.candidates.compactMap { candidate in
            var bytes = Array(candidate.text.utf8)
            if wordStart < start {
                guard bytes.starts(with: line[wordStart..<start]) else { return nil }
                bytes.removeFirst(start - wordStart)
            } else {
                bytes.insert(contentsOf: line[start..<wordStart], at: 0)
            }
            let text = String(decoding: bytes, as: UTF8.self)
            return seen.insert(text).inserted ? text : nil
        }
    }
}
