public import Diagnostics

/// A text in which nearly everything is wrong is another file than was meant, or one typing error at its head.
enum ProblemLimit {
    /// Errors that one stage keeps; the others take no memory.
    static let kept = 100_000
    /// What is shown.
    static let shown = 1_000
}

extension [Diagnostic] {
    /// What is wrong with a text, together with what analysis found in the rest of it, in source order. Where a text cannot be read,
    /// what analysis says of the same place follows from that.
    public func joined(by analysis: [Diagnostic]) -> [Diagnostic] {
        func begin(_ span: SourceSpan) -> SourceSpan { SourceSpan(file: span.file, lower: span.lower, upper: span.lower) }
        let unread = Set(compactMap { $0.span.map(begin) })
        let others = analysis.filter { found in
            guard !unread.isEmpty, let span = found.span else { return true }
            return !unread.contains(begin(span))
        }
        return (self + others).sortedBySource().limited()
    }

    /// The first thousand in the order at hand, and a last one that counts the others; it is an error when one of those is.
    public func limited() -> [Diagnostic] {
        guard count > ProblemLimit.shown else { return self }
        let rest = dropFirst(ProblemLimit.shown)
        let severity: Diagnostic.Severity = rest.contains { $0.severity == .error } ? .error : .warning
        return prefix(ProblemLimit.shown) + [
            Diagnostic(
                severity, code: SyntaxCode.manyMore.rawValue,
                rest.count == 1 ? "one more problem is not shown" : "\(rest.count) more problems are not shown", at: nil,
                help: ["mend the first ones: the others may follow from them"])
        ]
    }
}
