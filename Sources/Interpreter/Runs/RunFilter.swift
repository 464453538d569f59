internal import Diagnostics
internal import RunStore
import VPSAnalysis
internal import VPSSyntax

/// `method=vptsp-g and recall@1>0.8`: a condition of the language over what runs are and came to. A word is a name of
/// ``RunFields`` wherever a value is asked of it: left of a comparison, on both sides of `<` and its like, in arithmetic. To
/// the right of `=` it is the text of its letters. A comparison with what a run does not have does not hold, and neither
/// does its contrary.
struct RunFilter {
    private let condition: Expression

    /// - Parameter file: number of the text among the sources.
    /// - Throws: ``Failure`` with what is wrong in the text.
    init(_ text: String, file: Int) throws {
        let (condition, diagnostics) = Parser.parseCondition(Array(text.utf8), file: file)
        guard diagnostics.isEmpty else { throw Failure.rejected(diagnostics) }
        self.condition = condition
    }

    /// The runs for which it holds.
    /// - Throws: ``Failure`` for a name that no run has, and for values that cannot be compared.
    func selected(_ runs: [RunRecord]) throws -> [RunRecord] {
        let fields = runs.map(RunFields.init)
        for (name, span) in Self.names(in: condition) where !fields.contains(where: { $0.value(name) != nil }) {
            guard !fields.isEmpty else { continue }
            throw Failure.rejected([RunFields.unknown(name, at: span, among: fields)])
        }
        return try zip(runs, fields).filter { try holds(for: $1) }.map(\.0)
    }

    private func holds(for fields: RunFields) throws -> Bool {
        var scope = Scope()
        for (name, _) in Self.names(in: condition) { scope.set(name, to: fields.value(name) ?? .unknown(.anything)) }
        var evaluator = Evaluator(scope: scope)
        let value = evaluator.value(of: Self.resolved(condition, for: fields.record))
        guard evaluator.diagnostics.isEmpty else { throw Failure.rejected(evaluator.diagnostics) }
        switch value {
        case .boolean(let holds): return holds
        case .unknown(.boolean), .unknown(.anything): return false
        default: throw Failure.rejected([Diagnostic.noCondition(value, of: "where", at: condition.span)])
        }
    }

    // MARK: Words

    /// Words that stand for fields become variables; what the language cannot compare, tags and dates, is compared here.
    private static func resolved(_ expression: Expression, isLiteral: Bool = false, for record: RunRecord) -> Expression {
        func inner(_ expression: Expression, isLiteral: Bool = false) -> Expression { resolved(expression, isLiteral: isLiteral, for: record) }
        let kind: Expression.Kind = switch expression.kind {
        case .word(let word) where !isLiteral: .variable(name: Name(word, span: expression.span), fields: [])
        case .binary(let operation, let left, let right):
            compared(operation, left, right, for: record).map { .boolean($0) }
                ?? .binary(operation, inner(left), inner(right, isLiteral: operation == .equal || operation == .notEqual))
        case .unary(let operation, let operand): .unary(operation, inner(operand))
        case .list(let elements): .list(elements.map { inner($0) })
        case .tuple(let elements): .tuple(elements.map { inner($0) })
        case .call(let function, let arguments): .call(function: function, arguments: arguments.map { inner($0) })
        default: expression.kind
        }
        return Expression(kind, span: expression.span)
    }

    /// `tag = baseline`, of any of the run's tags; `started > "2026-11-20"`, by the letters, as ISO 8601 has it. Nil for other comparisons.
    private static func compared(_ operation: BinaryOperator, _ left: Expression, _ right: Expression, for record: RunRecord) -> Bool? {
        guard case .word(let name) = left.kind, let text = literal(right) else { return nil }
        switch (name, operation) {
        case ("tag", .equal): return record.tags.contains(text)
        case ("tag", .notEqual): return !record.tags.contains(text)
        case ("started", .less): return record.started < text
        case ("started", .lessOrEqual): return record.started <= text
        case ("started", .greater): return record.started > text
        case ("started", .greaterOrEqual): return record.started >= text
        default: return nil
        }
    }

    private static func literal(_ expression: Expression) -> String? {
        switch expression.kind {
        case .word(let text): return text
        case .string(let parts):
            guard parts.count <= 1 else { return nil }
            guard let only = parts.first else { return "" }
            if case .text(let text) = only { return text }
            return nil
        default: return nil
        }
    }

    /// Words that stand for fields, each with its place.
    private static func names(in expression: Expression) -> [(String, SourceSpan)] {
        switch expression.kind {
        case .word(let word): return [(word, expression.span)]
        case .binary(.equal, let left, let right), .binary(.notEqual, let left, let right):
            if case .word = right.kind { return names(in: left) }
            return names(in: left) + names(in: right)
        default: return expression.kind.children.flatMap(names)
        }
    }
}
