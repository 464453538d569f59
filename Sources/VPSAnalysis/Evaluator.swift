public import Diagnostics
public import VPSSyntax

/// Computes expressions. The analysis and the interpreter use this one, so that they cannot disagree: what is not
/// known before a run is a ``Value/unknown(_:)`` and passes through.
///
/// Goes on after an error, with an unknown value in its place, so that each mistake is reported once and nothing
/// follows from it.
public struct Evaluator {
    /// Longest text and largest list that an expression may build, in units of ``Value/weight``.
    static let largestWeight = 100_000

    public internal(set) var diagnostics: [Diagnostic] = []
    /// How much was built, for whoever bounds the work.
    private(set) var work = 0
    let scope: Scope

    public init(scope: Scope) {
        self.scope = scope
    }

    /// The value, or the first error.
    public static func value(of expression: Expression, in scope: Scope) throws(Diagnostic) -> Value {
        var evaluator = Evaluator(scope: scope)
        let value = evaluator.value(of: expression)
        if let first = evaluator.diagnostics.first { throw first }
        return value
    }

    public mutating func value(of expression: Expression) -> Value {
        let value = compute(expression)
        let weight = value.weight
        work &+= weight
        guard weight <= Self.largestWeight else {
            report(.tooLong, "the value is larger than a script may build", at: expression.span)
            return .unknown(value.type)
        }
        return value
    }

    private mutating func compute(_ expression: Expression) -> Value {
        switch expression.kind {
        case .number(let literal): return Self.value(of: literal)
        case .boolean(let value): return .boolean(value)
        case .word(let text): return .word(text)
        case .string(let parts): return text(of: parts, span: expression.span)
        case .list(let elements), .tuple(let elements): return .list(of: elements.map { value(of: $0) })
        case .range(let from, let through, let step): return range(from, through, step, span: expression.span)
        case .variable(let name, let fields): return variable(name, fields: fields)
        case .unary(let operation, let operand): return unary(operation, operand)
        case .binary(let operation, let left, let right): return binary(operation, left, right, span: expression.span)
        case .call(let function, let arguments):
            return call(function, arguments.map { (value(of: $0), $0.span) }, span: expression.span)
        case .invalid: return .unknown(.anything)
        }
    }

    mutating func report(
        _ code: AnalysisCode, _ message: String, at span: SourceSpan, label: String? = nil, help: [String] = []
    ) {
        diagnostics.append(Diagnostic(code: code.rawValue, message, at: span, label: label, help: help))
    }

    private static func value(of literal: NumberLiteral) -> Value {
        if let unit = literal.unit { return .quantity(literal.value * unit.factor, unit.dimension) }
        return literal.integer.map(Value.integer) ?? .number(literal.value)
    }

    // MARK: Names

    private mutating func variable(_ name: Name, fields: [Name]) -> Value {
        guard var value = scope[name.text] else {
            guard !scope.mayHaveOthers else { return .unknown(.anything) }
            let guess = closestMatch(to: name.text, among: scope.names)
            let others = scope.names.prefix(12).map { "$\($0)" }
            report(
                .unknownVariable, "no variable is called `$\(name.text)`", at: name.span,
                label: guess.map { "did you mean `$\($0)`?" },
                help: others.isEmpty ? ["`let \(name.text) = …` makes one"] : ["there are \(others.joined(separator: ", "))"])
            return .unknown(.anything)
        }
        var path = "$\(name.text)"
        for field in fields {
            switch value {
            case .unknown(.anything), .unknown(.record): return .unknown(.anything)
            case .record(let record):
                guard let next = record[field.text] else {
                    if !record.mayHave(field.text) { reportField(field, of: record, called: path) }
                    return .unknown(.anything)
                }
                value = next
                path += ".\(field.text)"
            default:
                report(
                    .noRecord, "`\(path)` is \(value.type.description) and has no fields", at: field.span,
                    help: ["records come from commands: `eval -> result`"])
                return .unknown(.anything)
            }
        }
        return value
    }

    private mutating func reportField(_ field: Name, of record: Record, called path: String) {
        let names = record.fields.map(\.name)
        report(
            .unknownField, "`\(path)` has no field `\(field.text)`", at: field.span,
            label: closestMatch(to: field.text, among: names).map { "did you mean `\($0)`?" },
            help: ["\(path) has \(names.joined(separator: ", "))"] + record.hints)
    }

    // MARK: Texts and ranges

    private mutating func text(of parts: [StringPart], span: SourceSpan) -> Value {
        var result = ""
        var isKnown = true
        for part in parts {
            switch part {
            case .text(let piece): result += piece
            case .interpolation(let expression, let format):
                let value = value(of: expression)
                if let format { check(format, fits: value, at: expression.span) }
                guard value.isKnown else {
                    isKnown = false
                    continue
                }
                result += format.flatMap { value.formatted($0) } ?? value.description
            }
            guard result.utf8.count <= Self.largestWeight else {
                report(.tooLong, "the text is longer than a script may build", at: span)
                return .unknown(.text)
            }
        }
        return isKnown ? .text(result) : .unknown(.text)
    }

    private mutating func check(_ format: ValueFormat, fits value: Value, at span: SourceSpan) {
        guard format.digits != nil || format.style != .fixed else { return }
        let type = value.type
        let fits = type == .anything || type.isNumeric || type.isQuantity && format.style != .percent
        if !fits {
            report(
                .wrongFormat, "only a number can be written with digits, not \(type.description)", at: span,
                help: ["leave out what follows the `:`, but for a width"])
        }
    }

    private mutating func range(_ from: Expression, _ through: Expression, _ step: Expression?, span: SourceSpan) -> Value {
        let expressions = [from, through] + (step.map { [$0] } ?? [])
        let values = expressions.map { value(of: $0) }
        for (value, expression) in zip(values, expressions) where value.type != .anything && !value.type.isNumeric {
            reportOperand("a range", value, expression)
            return .unknown(.range)
        }
        let numbers = values.compactMap(\.double)
        guard numbers.count == values.count, numbers.count >= 2 else { return .unknown(.range) }
        let isInteger = values.allSatisfy { $0.type == .integer }
        if let range = RangeValue(
            from: numbers[0], through: numbers[1], step: numbers.count > 2 ? numbers[2] : nil, isInteger: isInteger)
        {
            return .range(range)
        }
        report(
            .badRange,
            numbers.count > 2 ? "steps of \(values[2].literal) do not lead from \(values[0].literal) to \(values[1].literal)"
                : "the range ends before it begins",
            at: span, help: numbers.count > 2 ? [] : ["downwards it needs a step: `\(values[0].literal)..\(values[1].literal) by -1`"])
        return .unknown(.range)
    }

    /// `operation` needs another kind of operand.
    mutating func reportOperand(_ operation: String, _ value: Value, _ expression: Expression, needs: String = "numbers") {
        var help: [String] = []
        if case .word(let text) = expression.kind { help = ["a variable is written `$\(text)`"] }
        let what = value.string == nil ? value.type.description : value.phrase
        report(.wrongOperand, "\(operation) needs \(needs), not \(what)", at: expression.span, help: help)
    }
}
