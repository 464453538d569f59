import Diagnostics

/// A `let` or `param` that nothing reads.
struct UnusedNames {
    let index: NameIndex
    let included: [NameIndex]

    func warnings() -> [Diagnostic] {
        var used: Set<Key> = []
        for occurrence in ([index] + included).flatMap(\.occurrences) where !occurrence.role.isDefinition {
            used.insert(Key(occurrence))
        }
        var said: Set<Key> = []
        return index.occurrences.compactMap { occurrence in
            let isParameter = occurrence.role == .param
            guard isParameter || occurrence.role == .let, !occurrence.name.hasPrefix("_"), !used.contains(Key(occurrence)),
                said.insert(Key(occurrence)).inserted
            else { return nil }
            return .warning(
                .unusedName, "`\(occurrence.name)` is never used", at: occurrence.span,
                help: [isParameter ? "what the command line gives for it changes nothing" : "leave it out, or use `$\(occurrence.name)`"])
        }
    }

    private struct Key: Hashable {
        var name: String
        var space: NameIndex.Space

        init(_ occurrence: NameIndex.Occurrence) {
            name = occurrence.name
            space = occurrence.space
        }
    }
}
