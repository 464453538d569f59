import Diagnostics

/// Names that stand in for others: of a `def` for the script's, of a loop for a value given before, a `let` for a
/// parameter, a `def` for another one.
struct HiddenNames {
    private let index: NameIndex
    /// Where the script makes each of its own names first: at all, but by a loop, as a parameter.
    private let made, madeOutsideLoops, parameters: [String: NameIndex.Occurrence]
    /// Where it makes each command first.
    private let commands: [String: NameIndex.Occurrence]

    init(index: NameIndex) {
        self.index = index
        let definitions = index.occurrences.filter(\.role.isDefinition)
        func firsts(_ isMeant: (NameIndex.Occurrence) -> Bool) -> [String: NameIndex.Occurrence] {
            Dictionary(definitions.filter(isMeant).map { ($0.name, $0) }) { first, _ in first }
        }
        made = firsts { $0.space == .script }
        madeOutsideLoops = firsts { $0.space == .script && $0.role != .loop }
        parameters = firsts { $0.space == .script && $0.role == .param }
        commands = firsts { $0.role == .definition }
    }

    func warnings() -> [Diagnostic] {
        var warnings: [Diagnostic] = []
        var said: Set<String> = []
        for occurrence in index.occurrences where occurrence.role.isDefinition {
            if case .definition(let owner) = occurrence.space {
                guard let hidden = made[occurrence.name], said.insert("\(owner) \(occurrence.name)").inserted else { continue }
                warnings.append(
                    .warning(
                        .hiddenName, "`\(occurrence.name)` in `\(owner)` hides the script's `\(occurrence.name)`", at: occurrence.span,
                        help: ["it ends with the call and leaves the script's as it was"], notes: [Self.note(hidden)]))
            } else if occurrence.role == .definition, let before = commands[occurrence.name], before.span != occurrence.span {
                warnings.append(
                    .warning(
                        .hiddenName, "this `def` replaces the other `\(occurrence.name)`", at: occurrence.span,
                        help: ["choose another name"], notes: [Self.note(before)]))
            } else if occurrence.role == .loop, let before = madeOutsideLoops[occurrence.name], before.span.lower < occurrence.span.lower {
                warnings.append(
                    .warning(
                        .hiddenName, "the loop gives `\(occurrence.name)` other values, and it keeps the last", at: occurrence.span,
                        help: ["a loop has no names of its own: choose another"], notes: [Self.note(before)]))
            } else if occurrence.role == .let, let parameter = parameters[occurrence.name], parameter.span.lower < occurrence.span.lower {
                warnings.append(
                    .warning(
                        .hiddenName, "`let` replaces the value of the parameter `\(occurrence.name)`", at: occurrence.span,
                        help: ["what the command line gives for it is lost from here on"], notes: [Self.note(parameter)]))
            }
        }
        return warnings
    }

    private static func note(_ occurrence: NameIndex.Occurrence) -> Diagnostic.Note {
        Diagnostic.Note("`\(occurrence.name)` is given here", at: occurrence.span)
    }
}
