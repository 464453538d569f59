public import CommandSchema
public import Diagnostics
public import VPSSyntax

/// A command's arguments after checking: what was given, in the kind that its declaration asks for, and the defaults.
///
/// Every access throws rather than traps when a handler asks for something that the declaration does not have in that
/// form; a test over all handlers finds such a mismatch.
///
///     let alpha = try arguments.number("alpha")              // given, or the declared default
///     let limit = try arguments.optionalInteger("steps")     // nil when not given and without default, or a word such as `none`
public struct BoundArguments: Sendable {
    struct Argument: Sendable {
        var option: OptionDeclaration
        var value: Value
        var written: Expression
        /// Of `name=value`.
        var whole: SourceSpan

        /// Of the value.
        var span: SourceSpan { written.span }
    }

    public let command: CommandDeclaration
    /// The first positional, where the command has variants and it was given.
    public internal(set) var variant: String?
    /// The command's name in the source.
    public let span: SourceSpan
    /// The statements in its braces, for a command that takes some.
    public internal(set) var block: Block?
    var given: [String: Argument] = [:]

    init(command: CommandDeclaration, span: SourceSpan) {
        self.command = command
        self.span = span
    }

    /// `proxies gru`: command and variant.
    public var title: String { variant.map { "\(command.name) \($0)" } ?? command.name }

    // MARK: What was given

    /// Whether the user wrote it.
    public func isGiven(_ name: String) -> Bool { given[name] != nil }

    /// Names that the user wrote, in the order of the declaration.
    public var givenNames: [String] {
        (command.positionals + command.options).map(\.name).filter { given[$0] != nil }
    }

    /// Of the value that was written, else of the command's name.
    public func span(of name: String) -> SourceSpan { given[name]?.span ?? span }

    /// Of the `name=value` that was written, else of the command's name.
    public func place(of name: String) -> SourceSpan { given[name]?.whole ?? span }

    /// What was given, else the declared default; nil when there is neither.
    public func value(_ name: String) throws(Diagnostic) -> Value? {
        guard let option = command.option(named: name) else {
            throw mismatch("`\(command.name)` declares no `\(name)`")
        }
        return value(of: option)
    }

    func value(of option: OptionDeclaration) -> Value? {
        given[option.name]?.value ?? defaultValue(of: option)
    }

    private func defaultValue(of option: OptionDeclaration) -> Value? {
        guard option.belongs(to: variant), let text = option.defaultValue.text(for: variant), let (expression, value) = DefaultTexts.parsed(text) else {
            return nil
        }
        return try? ValueCheck(option: option, variant: variant).checked(value, expression).get()
    }

    // MARK: Typed access

    public func integer(_ name: String) throws(Diagnostic) -> Int {
        try required(name, try optionalInteger(name))
    }

    /// Nil when there is none, or a word such as `none` in its place.
    public func optionalInteger(_ name: String) throws(Diagnostic) -> Int? {
        try optional(name, "a whole number") { $0.wholeNumber }
    }

    public func number(_ name: String) throws(Diagnostic) -> Double {
        try required(name, try optionalNumber(name))
    }

    /// Nil when there is none, or a word in its place.
    public func optionalNumber(_ name: String) throws(Diagnostic) -> Double? {
        try optional(name, "a number") { $0.double }
    }

    /// False when not given.
    public func flag(_ name: String) throws(Diagnostic) -> Bool {
        guard let value = try value(name) else { return false }
        guard case .boolean(let isOn) = value else { throw mismatch("`\(name)` is no flag") }
        return isOn
    }

    /// A word or a text.
    public func text(_ name: String) throws(Diagnostic) -> String {
        try required(name, try optionalText(name))
    }

    public func optionalText(_ name: String) throws(Diagnostic) -> String? {
        guard let value = try value(name) else { return nil }
        guard let text = value.string else { throw mismatch("`\(name)` is no text") }
        return text
    }

    /// The word, where it is one of the declared choices; nil for a path or number in its place.
    public func choice(_ name: String) throws(Diagnostic) -> String? {
        guard case .word(let word)? = try value(name), let option = command.option(named: name),
            option.kind.choices.contains(where: { $0.word == word })
        else { return nil }
        return word
    }

    /// With `~` resolved.
    public func path(_ name: String) throws(Diagnostic) -> String {
        try required(name, try optionalPath(name))
    }

    /// Nil when there is none, or a word of the declared choices in its place.
    public func optionalPath(_ name: String) throws(Diagnostic) -> String? {
        if try choice(name) != nil { return nil }
        return try optionalText(name).map(PathText.expanded)
    }

    /// Empty when not given and without default.
    public func integers(_ name: String) throws(Diagnostic) -> [Int] {
        try elements(name, "whole numbers") { $0.wholeNumber }
    }

    public func numbers(_ name: String) throws(Diagnostic) -> [Double] {
        try elements(name, "numbers") { $0.double }
    }

    public func texts(_ name: String) throws(Diagnostic) -> [String] {
        try elements(name, "texts") { $0.string }
    }

    public func interval(_ name: String) throws(Diagnostic) -> ClosedRange<Double> {
        guard case .range(let range)? = try value(name), range.from <= range.through else {
            throw mismatch("`\(name)` is no interval")
        }
        return range.from...range.through
    }

    public func bytes(_ name: String) throws(Diagnostic) -> Double? {
        try optional(name, "a size") { if case .quantity(let amount, .size) = $0 { amount } else { nil } }
    }

    public func seconds(_ name: String) throws(Diagnostic) -> Double? {
        try optional(name, "a time") { if case .quantity(let amount, .duration) = $0 { amount } else { nil } }
    }

    // MARK: Mismatches

    private func required<T>(_ name: String, _ value: T?) throws(Diagnostic) -> T {
        guard let value else { throw mismatch("`\(name)` was not given and has no default") }
        return value
    }

    private func optional<T>(_ name: String, _ what: String, _ convert: (Value) -> T?) throws(Diagnostic) -> T? {
        guard let value = try value(name) else { return nil }
        if let converted = convert(value) { return converted }
        if case .word = value { return nil }
        throw mismatch("`\(name)` is not \(what)")
    }

    private func elements<T>(_ name: String, _ what: String, _ convert: (Value) -> T?) throws(Diagnostic) -> [T] {
        guard let value = try value(name) else { return [] }
        guard case .list(let list) = value else { throw mismatch("`\(name)` is no list of \(what)") }
        let converted = list.elements.compactMap(convert)
        guard converted.count == list.elements.count else { throw mismatch("`\(name)` is no list of \(what)") }
        return converted
    }

    private func mismatch(_ message: String) -> Diagnostic {
        Diagnostic(
            code: AnalysisCode.handlerMismatch.rawValue, message, at: span,
            help: ["this is a mistake of the program, not of the script"])
    }
}
