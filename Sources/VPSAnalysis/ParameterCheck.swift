public import Diagnostics
public import VPSSyntax

/// A value for a `param` from outside: `vptsp run file.vps alpha=0.2`.
public struct ParameterAssignment: Sendable {
    public let name: String
    public let value: Expression
    /// Of the whole assignment.
    public let span: SourceSpan
    let nameSpan: SourceSpan

    public init(name: String, value: Expression, span: SourceSpan) {
        self.name = name
        self.value = value
        self.span = span
        nameSpan = span
    }

    /// Reads `name=value`; a value that is no value of the language is taken as a text, so that paths need no quotes.
    ///
    /// - Parameter sources: the text is added to it, for messages.
    /// - Returns: nil when there is no name before a `=`.
    public init?(_ text: String, sources: inout SourceMap) {
        let bytes = Array(text.utf8)
        guard let mark = bytes.firstIndex(of: 0x3D) else { return nil }
        let name = String(decoding: bytes[..<mark], as: UTF8.self)
        guard Parser.isName(name) else { return nil }
        let file = sources.add(name: "command line", text: bytes)
        span = SourceSpan(file: file, lower: 0, upper: bytes.count)
        nameSpan = SourceSpan(file: file, lower: 0, upper: mark)
        // Blanks in place of the name, so that places in the value are places in the argument.
        let (value, diagnostics) = Parser.parseValue(Array(repeating: 0x20, count: mark + 1) + bytes[(mark + 1)...], file: file)
        self.name = name
        if diagnostics.isEmpty {
            self.value = value
        } else {
            let text = String(decoding: bytes[(mark + 1)...], as: UTF8.self)
            self.value = Expression(
                .string(text.isEmpty ? [] : [.text(text)]), span: SourceSpan(file: file, lower: mark + 1, upper: bytes.count))
        }
    }
}

/// The value of a `param`: what was given for it, else its default, within its domain.
public struct ParameterCheck {
    public private(set) var value: Value = .unknown(.anything)
    public private(set) var diagnostics: [Diagnostic] = []

    public init(_ statement: ParamStatement, given: ParameterAssignment?, scope: Scope) {
        var evaluator = Evaluator(scope: scope)
        let defaultValue = evaluator.value(of: statement.defaultValue)
        let domain = statement.domain.map { (evaluator.value(of: $0), $0) }
        diagnostics = evaluator.diagnostics
        var own = Evaluator(scope: Scope())
        let givenValue = given.map { own.value(of: $0.value) }
        diagnostics += own.diagnostics
        guard diagnostics.isEmpty else { return }

        value = givenValue ?? defaultValue
        let span = given?.value.span ?? statement.defaultValue.span
        if let givenValue, !Self.alike(givenValue.type, defaultValue.type) {
            report(
                statement,
                "parameter `\(statement.name.text)` must be \(defaultValue.type.description), not \(givenValue.phrase)", at: span)
            value = .unknown(defaultValue.type)
        } else if let domain {
            check(statement, domain.0, domain.1, at: span)
        }
    }

    private static func alike(_ first: ValueType, _ second: ValueType) -> Bool {
        first == second || first == .anything || second == .anything || first.isNumeric && second.isNumeric
    }

    private mutating func check(_ statement: ParamStatement, _ domain: Value, _ expression: Expression, at span: SourceSpan) {
        guard value.isKnown, domain.isKnown else { return }
        let isInside: Bool
        switch domain {
        case .list(let list): isInside = list.elements.contains { Evaluator.equal($0, value) }
        case .range(let range):
            guard let number = value.double else {
                report(statement, "parameter `\(statement.name.text)` must be a number, not \(value.phrase)", at: span)
                value = .unknown(.number)
                return
            }
            isInside = range.contains(number)
        default:
            diagnostics.append(
                Diagnostic(
                    code: AnalysisCode.noSequence.rawValue, "the domain of a parameter is a range or a list, not \(domain.type.description)",
                    at: expression.span))
            return
        }
        guard !isInside else { return }
        report(statement, "parameter `\(statement.name.text)` must be in \(domain.literal), not \(value.literal)", at: span)
        value = .unknown(value.type)
    }

    private mutating func report(_ statement: ParamStatement, _ message: String, at span: SourceSpan) {
        diagnostics.append(
            Diagnostic(
                code: AnalysisCode.parameterOutOfDomain.rawValue, message, at: span,
                help: statement.summary.map { ["\(statement.name.text): \($0.text)"] } ?? []))
    }
}
