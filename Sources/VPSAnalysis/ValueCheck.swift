import CommandSchema
import Diagnostics
import VPSSyntax

/// Whether a value is what an option asks for, and the value in the form that handlers read.
struct ValueCheck {
    let option: OptionDeclaration
    let variant: String?
    /// Commands name their positionals by position, so messages about these name the command.
    var command: CommandDeclaration?

    init(option: OptionDeclaration, variant: String?, command: CommandDeclaration? = nil) {
        self.option = option
        self.variant = variant
        self.command = command
    }

    private var isPositional: Bool { command?.positionals.contains { $0.name == option.name } ?? false }

    /// - Parameter expression: where the value came from; an element of a literal list is pointed at itself.
    func checked(_ value: Value, _ expression: Expression) -> Result<Value, Diagnostic> {
        checked(value, option.kind, expression)
    }

    private func checked(_ value: Value, _ kind: ValueKind, _ expression: Expression) -> Result<Value, Diagnostic> {
        switch kind {
        case .either(let kinds): return either(value, kinds, expression)
        case .word(let choices): return word(value, choices, expression)
        case .list(let element): return list(value, element, expression)
        case .path(let use): return path(value, use, expression)
        case .integer:
            if value.type == .anything || value.type.isNumeric, !value.isKnown { return .success(value) }
            guard let whole = value.wholeNumber else { return .failure(wrongKind(value, kind, expression)) }
            return ranged(Double(whole), .integer(whole), expression)
        case .number:
            if value.type == .anything || value.type.isNumeric, !value.isKnown { return .success(value) }
            guard let number = value.double else { return .failure(wrongKind(value, kind, expression)) }
            return ranged(number, value, expression)
        case .flag: return fits(value, [.boolean], kind, expression)
        case .text: return fits(value, [.text], kind, expression)
        case .size: return amount(value, .size, kind, expression)
        case .duration: return amount(value, .duration, kind, expression)
        case .interval: return interval(value, expression)
        }
    }

    // MARK: Kinds

    private func fits(_ value: Value, _ types: [ValueType], _ kind: ValueKind, _ expression: Expression) -> Result<Value, Diagnostic> {
        value.type == .anything || types.contains(value.type) ? .success(value) : .failure(wrongKind(value, kind, expression))
    }

    private func ranged(_ number: Double, _ value: Value, _ expression: Expression) -> Result<Value, Diagnostic> {
        guard let range = option.range, !range.contains(number) else { return .success(value) }
        return .failure(
            error(.outOfRange, "\(subject) must be \(range.description), not \(value.literal)", expression, help: [explanation]))
    }

    private func amount(
        _ value: Value, _ type: ValueType, _ kind: ValueKind, _ expression: Expression
    ) -> Result<Value, Diagnostic> {
        guard case .success = fits(value, [type], kind, expression) else { return .failure(wrongKind(value, kind, expression)) }
        guard case .quantity(let amount, _) = value else { return .success(value) }
        return ranged(amount, value, expression)
    }

    private func interval(_ value: Value, _ expression: Expression) -> Result<Value, Diagnostic> {
        guard case .range(let range) = value else { return fits(value, [.range], .interval, expression) }
        guard range.step == nil, range.from <= range.through else {
            return .failure(wrongKind(value, .interval, expression))
        }
        guard let allowed = option.range, !allowed.contains(range.from) || !allowed.contains(range.through) else {
            return .success(value)
        }
        return .failure(
            error(
                .outOfRange, "both ends of \(subject) must be \(allowed.description), not \(value.literal)", expression,
                help: [explanation]))
    }

    /// A single value stands for a list of one, a range of whole numbers for its elements.
    private func list(_ value: Value, _ kind: ValueKind, _ expression: Expression) -> Result<Value, Diagnostic> {
        var elements: [(Value, Expression)]
        switch value {
        case .unknown(.anything), .unknown(.list), .unknown(.range): return .success(.unknown(.list))
        case .list(let list):
            var expressions = Array(repeating: expression, count: list.elements.count)
            if case .list(let written) = expression.kind, written.count == list.elements.count { expressions = written }
            elements = Array(zip(list.elements, expressions))
        case .range(let range):
            guard range.isInteger, let count = range.count, count <= 10_000 else {
                return .failure(wrongKind(value, .list(of: kind), expression))
            }
            elements = (0..<count).map { (range.element($0), expression) }
        default: elements = [(value, expression)]
        }
        var checkedElements: [Value] = []
        for (element, expression) in elements {
            switch checked(element, kind, expression) {
            case .success(let element): checkedElements.append(element)
            case .failure(let diagnostic): return .failure(diagnostic)
            }
        }
        if let count = option.elements, !count.contains(elements.count) {
            return .failure(
                error(
                    .outOfRange, "\(subject) must have \(count.description), not \(elements.count)", expression, help: [explanation]))
        }
        if option.elements?.increasing == true {
            for (index, next) in checkedElements.enumerated().dropFirst() {
                guard let before = checkedElements[index - 1].double, let this = next.double, this <= before else { continue }
                return .failure(
                    error(
                        .outOfRange, "each element of \(subject) must be larger than the one before, not \(next.literal) after \(checkedElements[index - 1].literal)",
                        elements[index].1, help: [explanation]))
            }
        }
        var words: Set<String> = []
        for (index, element) in checkedElements.enumerated() where !option.repeats {
            guard case .word(let word) = element, !words.insert(word).inserted else { continue }
            return .failure(error(.outOfRange, "`\(word)` stands twice in \(subject)", elements[index].1, help: [explanation]))
        }
        return .success(.list(of: checkedElements))
    }

    // MARK: Words and paths

    private func word(_ value: Value, _ choices: [WordChoice], _ expression: Expression) -> Result<Value, Diagnostic> {
        if case .unknown(let type) = value, type == .anything || type == .text { return .success(value) }
        let allowed = choices.filter { variant == nil || $0.variants.isEmpty || $0.variants.contains(variant ?? "") }
        guard let text = value.string else { return .failure(wrongKind(value, .word(allowed), expression)) }
        if allowed.contains(where: { $0.word == text }) { return .success(.word(text)) }
        let taker = isPositional ? "`\(command?.name ?? option.name)`" : "`\(option.name)`"
        let help = ["\(isPositional ? command?.name ?? option.name : option.name) takes \(option.kind.description(for: variant))"]
        if let other = choices.first(where: { $0.word == text }), let command, let variant {
            let places = alternatives(other.variants.map { "`\(command.name) \($0)`" })
            return .failure(
                error(
                    .optionOfOtherVariant, "`\(option.name)=\(text)` belongs to \(places), not to `\(command.name) \(variant)`",
                    expression, help: help))
        }
        let guess = closestMatch(to: text, among: allowed.map(\.word))
        return .failure(
            error(
                .unknownWord, "\(taker) does not take `\(text)`", expression, label: guess.map { "did you mean `\($0)`?" },
                help: help))
    }

    private func path(_ value: Value, _ use: PathUse, _ expression: Expression) -> Result<Value, Diagnostic> {
        if case .unknown(let type) = value, type == .anything || type == .text { return .success(value) }
        guard let text = value.string, !text.isEmpty else { return .failure(wrongKind(value, .path(use), expression)) }
        let lowercased = text.lowercased()
        guard use.suffixes.isEmpty || use.suffixes.contains(where: { lowercased.hasSuffix($0) }) else {
            return .failure(
                error(
                    .wrongSuffix, "\(isPositional ? subject : "the file of \(subject)") must end in \(alternatives(use.suffixes))", expression,
                    help: (use.role == .output ? ["write `\(VPSSyntax.quoted(Self.renamed(text, use.suffixes[0])))`"] : []) + [explanation]))
        }
        return .success(.text(text))
    }

    /// The name with another end.
    private static func renamed(_ path: String, _ suffix: String) -> String {
        guard let dot = path.lastIndex(of: "."), dot > path.startIndex, !path[dot...].contains("/") else { return path + suffix }
        return path[..<dot] + suffix
    }

    private func either(_ value: Value, _ kinds: [ValueKind], _ expression: Expression) -> Result<Value, Diagnostic> {
        if value.type == .anything { return .success(value) }
        let choices = kinds.flatMap(\.choices)
        // A bare word names a choice, quoted text a path; an unquoted file name with a dot is meant as one too.
        if let text = value.string, !choices.isEmpty {
            let isChoice = choices.contains { $0.word == text }
            var isWord = false
            if case .word = value { isWord = !text.contains(".") }
            if isChoice || isWord || kinds.allSatisfy({ $0.path == nil && $0 != .text }) {
                return word(value, choices, expression)
            }
        }
        var first: Diagnostic?
        for kind in kinds where kind.choices.isEmpty {
            switch checked(value, kind, expression) {
            case .success(let value): return .success(value)
            case .failure(let diagnostic):
                if diagnostic.code != AnalysisCode.wrongKind.rawValue { first = first ?? diagnostic }
            }
        }
        return .failure(first ?? wrongKind(value, .either(kinds), expression))
    }

    // MARK: Messages

    private var subject: String {
        isPositional ? "the \(option.name) of `\(command?.name ?? "")`" : "`\(option.name)`"
    }

    /// `alpha: weight of the learned proxy O (a number from 0 to 1, default 0.5)`.
    private var explanation: String { option.explanation(for: variant) }

    private func wrongKind(_ value: Value, _ kind: ValueKind, _ expression: Expression) -> Diagnostic {
        var help = [explanation]
        if case .word(let text) = expression.kind, kind.choices.isEmpty { help.append("is it a variable? then write `$\(text)`") }
        return error(
            .wrongKind, "\(subject) must be \(kind.description(for: variant)), not \(value.phrase)", expression, help: help)
    }

    private func error(
        _ code: AnalysisCode, _ message: String, _ expression: Expression, label: String? = nil, help: [String] = []
    ) -> Diagnostic {
        Diagnostic(code: code.rawValue, message, at: expression.span, label: label, help: help)
    }
}

extension Value {
    /// `the word half`, `the list [1, 2]`, `2.5`.
    var phrase: String {
        switch self {
        case .word(let text): "the word `\(text)`"
        case .text(let text): "the text \(VPSSyntax.quoted(text.count > 40 ? "\(text.prefix(40))…" : text))"
        case .list(let list): list.weight > 12 ? "a list" : "the list \(literal)"
        case .range: "the range \(literal)"
        case .record, .unknown: type.description
        default: literal
        }
    }
}

extension ValueKind {
    /// With those words only that the variant may have.
    func description(for variant: String?) -> String {
        guard let variant else { return description }
        switch self {
        case .word(let choices):
            return ValueKind.word(choices.filter { $0.variants.isEmpty || $0.variants.contains(variant) }).description
        case .either(let kinds): return alternatives(kinds.map { $0.description(for: variant) })
        default: return description
        }
    }
}

extension OptionDeclaration {
    /// `alpha: weight of the learned proxy O (a number from 0 to 1, default 0.5)`.
    func explanation(for variant: String?) -> String {
        var kind = kind.description(for: variant)
        if let range { kind += " \(range.description)" }
        if let elements { kind += ", \(elements.description)" }
        if !unit.isEmpty { kind += ", in \(unit)" }
        return "\(name): \(summary.first?.lowercased() ?? "")\(summary.dropFirst()) (\(kind)\(defaultPhrase(for: variant)))"
    }

    private func defaultPhrase(for variant: String?) -> String {
        switch defaultValue {
        case .value(let text): return kind == .flag ? "" : ", default \(text)"
        case .byVariant(let texts):
            if let variant, let text = texts[variant] { return ", default \(text)" }
            return ", default \(texts.sorted { $0.key < $1.key }.map { "\($0.value) for \($0.key)" }.joined(separator: ", "))"
        case .derived(let text): return ", default \(text)"
        case .absent(let text): return ", default: \(text)"
        case .required: return ""
        }
    }
}
