public import CommandSchema
public import Diagnostics
public import VPSSyntax

/// Puts the arguments of a command where its declaration wants them and checks each.
///
/// Used before a run, with values that may be unknown, and in it; the two cannot disagree.
public struct ArgumentBinder {
    public private(set) var arguments: BoundArguments
    public private(set) var diagnostics: [Diagnostic] = []
    /// Work done by expressions.
    private(set) var work = 0

    private let declaration: CommandDeclaration
    private let scope: Scope
    private var positionalsTaken = 0
    /// A bare word that no positional takes; judged once the variant is known.
    private var surplus: [Argument] = []

    /// Binds `statement`; what is wrong stands in ``diagnostics``, and such arguments are unknown values.
    public init(_ statement: CommandStatement, to declaration: CommandDeclaration, scope: Scope) {
        self.declaration = declaration
        self.scope = scope
        arguments = BoundArguments(command: declaration, span: statement.name.span)
        arguments.block = statement.block
        for argument in unnamed(statement) { bindUnnamed(argument) }
        findVariant()
        for argument in statement.arguments {
            guard let name = argument.name else { continue }
            bindNamed(name, argument)
        }
        surplus.forEach { reportSurplus($0) }
        checkFlagVariants()
        reportMissing(statement)
    }

    // MARK: Binding

    /// The arguments without a name; those that belong to one positional, as the list that they are the elements of.
    private func unnamed(_ statement: CommandStatement) -> [Argument] {
        let arguments = statement.arguments.filter { $0.name == nil }
        let single = declaration.positionals.count - 1
        // A single value stands for a list of one anyway.
        guard declaration.positionals.last?.repeats ?? false, arguments.count > single + 1, let last = arguments.last else { return arguments }
        let elements = arguments[single...].map(\.value)
        let span = arguments[single].span.union(last.span)
        return arguments[..<single] + [Argument(value: Expression(.list(elements), span: span), span: span)]
    }

    private mutating func bindUnnamed(_ argument: Argument) {
        if case .invalid = argument.value.kind {
            // Whatever it was, it may have been what is wanted next.
            if positionalsTaken < declaration.positionals.count {
                let option = declaration.positionals[positionalsTaken]
                positionalsTaken += 1
                keep(.unknown(.anything), for: option, argument)
            }
            return
        }
        let next = positionalsTaken < declaration.positionals.count ? declaration.positionals[positionalsTaken] : nil
        let choices = next?.kind.choices ?? []
        var isChoice = false
        if case .word(let word) = argument.value.kind { isChoice = choices.contains { $0.word == word } }
        if case .word(let word) = argument.value.kind, !isChoice,
            let flag = declaration.options.first(where: { $0.name == word && $0.kind == .flag })
        {
            bind(.boolean(true), to: flag, argument)
        } else if let next {
            // A misspelt flag shall not be taken for a misspelt word.
            if case .word(let word) = argument.value.kind, !isChoice, !choices.isEmpty,
                closestMatch(to: word, among: choices.map(\.word)) == nil, closestMatch(to: word, among: flags(of: nil)) != nil
            {
                surplus.append(argument)
                return
            }
            positionalsTaken += 1
            // A file's name in the place of a word that is left out: it is the word that is missing.
            if case .string = argument.value.kind, next.isRequired, next.kind.path == nil, !choices.isEmpty, positionalsTaken < declaration.positionals.count,
                declaration.positionals[positionalsTaken].kind.path != nil, let text = evaluate(argument.value).string, text.contains(where: { "./".contains($0) })
            {
                return bindUnnamed(argument)
            }
            bind(evaluate(argument.value), to: next, argument)
        } else {
            surplus.append(argument)
        }
    }

    private mutating func bindNamed(_ name: Name, _ argument: Argument) {
        guard let option = declaration.options.first(where: { $0.name == name.text }) else {
            _ = evaluate(argument.value)
            reportUnknown(name, "has no option")
            return
        }
        guard option.belongs(to: arguments.variant) else {
            _ = evaluate(argument.value)
            reportForeign(option, at: name.span)
            return
        }
        bind(evaluate(argument.value), to: option, argument)
    }

    private mutating func bind(_ value: Value, to option: OptionDeclaration, _ argument: Argument) {
        if let first = arguments.given[option.name] {
            diagnostics.append(
                Diagnostic(
                    code: AnalysisCode.givenTwice.rawValue, "`\(option.name)` is given twice",
                    at: argument.name?.span ?? argument.span,
                    notes: [Diagnostic.Note("first given here", at: first.whole)]))
            return
        }
        if case .invalid = argument.value.kind { return keep(.unknown(.anything), for: option, argument) }
        let check = ValueCheck(option: option, variant: arguments.variant, command: declaration)
        switch check.checked(value, argument.value) {
        case .success(let value): keep(value, for: option, argument)
        case .failure(let diagnostic):
            diagnostics.append(diagnostic)
            keep(.unknown(.anything), for: option, argument)
        }
    }

    private mutating func keep(_ value: Value, for option: OptionDeclaration, _ argument: Argument) {
        arguments.given[option.name] = BoundArguments.Argument(
            option: option, value: value, written: argument.value, whole: argument.span)
    }

    private mutating func evaluate(_ expression: Expression) -> Value {
        var evaluator = Evaluator(scope: scope)
        let value = evaluator.value(of: expression)
        diagnostics += evaluator.diagnostics
        work &+= evaluator.work
        return evaluator.diagnostics.isEmpty ? value : .unknown(.anything)
    }

    /// Set when the first positional is a known word of the declared ones.
    private mutating func findVariant() {
        guard let first = declaration.positionals.first, !declaration.variants.isEmpty,
            case .word(let word)? = arguments.given[first.name]?.value
        else { return }
        arguments.variant = word
    }

    // MARK: What is wrong

    private func flags(of variant: String?) -> [String] {
        declaration.options.filter { $0.kind == .flag && $0.belongs(to: variant) }.map(\.name)
    }

    private var optionNames: [String] {
        declaration.options.filter { $0.belongs(to: arguments.variant) }.map(\.name)
    }

    /// `proxies gru takes alpha, layers, n`.
    private var takes: String {
        "\(arguments.title) takes \(optionNames.isEmpty ? "no options" : optionNames.joined(separator: ", "))"
    }

    private mutating func report(
        _ code: AnalysisCode, _ message: String, at span: SourceSpan, label: String? = nil, help: [String]
    ) {
        diagnostics.append(Diagnostic(code: code.rawValue, message, at: span, label: label, help: help))
    }

    private mutating func reportUnknown(_ name: Name, _ verb: String) {
        if let positional = declaration.positionals.first(where: { $0.name == name.text }) {
            report(
                .unknownOption, "`\(name.text)` is given without a name", at: name.span,
                help: ["write `\(declaration.name) \(positional.good)`"])
            return
        }
        let guess = closestMatch(to: name.text, among: optionNames)
        report(
            .unknownOption, "`\(declaration.name)` \(verb) `\(name.text)`", at: name.span,
            label: guess.map { "did you mean `\($0)`?" }, help: [takes])
    }

    private mutating func reportForeign(_ option: OptionDeclaration, at span: SourceSpan) {
        let places = alternatives(option.variants.map { "`\(declaration.name) \($0)`" })
        report(
            .optionOfOtherVariant, "`\(option.name)` belongs to \(places), not to `\(arguments.title)`", at: span, help: [takes])
    }

    private mutating func reportSurplus(_ argument: Argument) {
        guard case .word(let word) = argument.value.kind else {
            _ = evaluate(argument.value)
            let most = declaration.positionals.count
            let message = most == 0 ? "`\(declaration.name)` takes no value without a name"
                : "`\(declaration.name)` takes \(most == 1 ? "one value" : "\(most) values") without a name, not more"
            return report(.surplusValue, message, at: argument.span, help: [meant(by: argument).map { "is it `\($0)`?" }, takes].compactMap { $0 })
        }
        if let option = declaration.options.first(where: { $0.name == word }) {
            return report(
                .optionWithoutValue, "`\(word)` needs a value", at: argument.span, help: ["write `\(word)=\(option.good)`"])
        }
        reportUnknown(Name(word, span: argument.span), flags(of: arguments.variant).isEmpty ? "takes no" : "has no flag")
    }

    /// The one path that must be given, or the first option that takes the value, written out; then nobody need say that it is missing.
    private mutating func meant(by argument: Argument) -> String? {
        let options = declaration.options.filter { $0.belongs(to: arguments.variant) && !arguments.isGiven($0.name) }
        let written: String
        let value = (try? Evaluator.value(of: argument.value, in: scope)) ?? .unknown(.anything)
        switch argument.value.kind {
        case .string: written = quoted(value.string ?? "")
        case .number: written = value.literal
        default: return nil
        }
        let isText = value.string != nil
        guard let option = options.first(where: { isText ? $0.isRequired && $0.kind.path != nil : $0.kind == .integer || $0.kind == .number }) else { return nil }
        if option.isRequired { keep(.unknown(.anything), for: option, argument) }
        return "\(option.name)=\(written)"
    }

    /// Flags are bound before the variant is known.
    private mutating func checkFlagVariants() {
        for given in arguments.given.values where !given.option.belongs(to: arguments.variant) {
            arguments.given[given.option.name] = nil
            reportForeign(given.option, at: given.whole)
        }
    }

    private mutating func reportMissing(_ statement: CommandStatement) {
        for option in declaration.positionals where option.isRequired && !arguments.isGiven(option.name) {
            let words = option.kind.choices.map(\.word)
            let what = option.kind == .text ? "a \(option.name)" : option.kind.description
            report(
                .missingValue, "`\(declaration.name)` needs \(words.isEmpty ? what : "one of its words")",
                at: statement.name.span,
                help: [words.isEmpty ? "write `\(declaration.name) \(option.good)`" : "\(declaration.name) takes \(alternatives(words))"])
        }
        // Without its variant nobody knows what it needs.
        guard declaration.variants.isEmpty || arguments.variant != nil else { return }
        for option in declaration.options
        where option.isRequired && option.belongs(to: arguments.variant) && !arguments.isGiven(option.name) {
            report(
                .missingValue, "`\(arguments.title)` needs `\(option.name)`", at: statement.name.span,
                help: ["write `\(arguments.title) \(option.name)=\(option.good)`"])
        }
    }
}
