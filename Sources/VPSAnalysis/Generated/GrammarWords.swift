import CommandCatalog
import CommandSchema
import VPSSyntax

/// The words of the language, for the grammars of editors.
enum GrammarWords {
    /// That begin a statement; `else` stands after a `}`.
    static let statements = Parser.statementWords
    static let commands = Catalog.commands.map(\.name)
    static let functions = BuiltinFunction.all.map(\.name)
    static let constants = ["true", "false"]
    static let operators = Parser.reservedWords.filter { !constants.contains($0) }
    static let units = VPSSyntax.Unit.allCases.map(\.rawValue)

    /// Names before `=`.
    static let options = sorted(Catalog.commands.flatMap { $0.options.filter { $0.kind != .flag } }.map(\.name))

    /// Flags, variants and the words that options take.
    static let choices = sorted(
        Catalog.commands.flatMap { command in
            command.options.filter { $0.kind == .flag }.map(\.name)
                + (command.positionals + command.options).flatMap { $0.kind.choices.map(\.word) }
        })

    /// Each once; the longer of two words with one beginning first, so that an alternation finds it.
    private static func sorted(_ words: [String]) -> [String] {
        Set(words).sorted { $0.count != $1.count ? $0.count > $1.count : $0 < $1 }
    }
}
