import Diagnostics

/// A `let` or `param` that nothing reads.
struct UnusedNames {
    let index: NameIndex
    let uses: NameUses

    func warnings() -> [Diagnostic] {
        var said: Set<NameUses.Key> = []
        return index.occurrences.compactMap { occurrence in
            let isParameter = occurrence.role == .param
            guard isParameter || occurrence.role == .let, !occurrence.name.hasPrefix("_"), !uses.contain(occurrence),
                said.insert(NameUses.Key(occurrence)).inserted
            else { return nil }
            return .warning(
                .unusedName, "`\(occurrence.name)` is never used", at: occurrence.span,
                help: [isParameter ? "what the command line gives for it changes nothing" : "leave it out, or use `$\(occurrence.name)`"])
        }
    }
}

/// Which names a script and what it includes read.
struct NameUses {
    struct Key: Hashable {
        var name: String
        var space: NameIndex.Space

        init(_ occurrence: NameIndex.Occurrence) {
            name = occurrence.name
            space = occurrence.space
        }
    }

    private let used: Set<Key>
    private let misspelt: [String]

    /// - Parameter misspelt: names that are read and unknown.
    init(indices: [NameIndex], misspelt: [String]) {
        used = Set(indices.flatMap(\.occurrences).filter { !$0.role.isDefinition }.map(Key.init))
        // Where hundreds are unknown, no warning is worth a look at each.
        self.misspelt = Array(Set(misspelt).sorted().prefix(100))
    }

    /// Whether something reads the name, or one that it may be meant by.
    func contain(_ occurrence: NameIndex.Occurrence) -> Bool {
        used.contains(Key(occurrence)) || misspelt.contains { closestMatch(to: $0, among: [occurrence.name]) != nil }
    }
}
