public import Diagnostics
public import VPSSyntax

/// What a `for` goes through. Shared by analysis and interpreter.
public enum LoopSequence: Sendable {
    case elements([Value])
    case range(RangeValue, count: Int)
    /// Nothing is known of it before a run.
    case unknown

    /// Longest loop that a script may have.
    public static let longest = 1_000_000

    /// - Throws: when the value is no list and no range with steps.
    public init(_ value: Value, at span: SourceSpan) throws(Diagnostic) {
        switch value {
        case .list(let list): self = .elements(list.elements)
        case .range(let range):
            guard let count = range.count else {
                throw Diagnostic(
                    code: AnalysisCode.badRange.rawValue, "this range has no steps to go through, or too many", at: span,
                    help: ["write `from..through by step`"])
            }
            guard count <= Self.longest else {
                throw Diagnostic(
                    code: AnalysisCode.tooLong.rawValue, "a loop has at most \(Self.longest) turns, not \(count)", at: span)
            }
            self = .range(range, count: count)
        case .unknown(.anything), .unknown(.list), .unknown(.range): self = .unknown
        default:
            throw Diagnostic(
                code: AnalysisCode.noSequence.rawValue, "`for` needs a list or a range, not \(value.type.description)", at: span,
                help: ["`[1, 2, 3]`, `1..3`"])
        }
    }

    /// Nil when it is not known.
    public var count: Int? {
        switch self {
        case .elements(let values): values.count
        case .range(_, let count): count
        case .unknown: nil
        }
    }

    /// Nil outside of it.
    public func element(_ index: Int) -> Value? {
        switch self {
        case .elements(let values): values.indices.contains(index) ? values[index] : nil
        case .range(let range, let count): index >= 0 && index < count ? range.element(index) : nil
        case .unknown: nil
        }
    }

    /// The values of the loop's names for one element: itself, or the parts of a tuple.
    ///
    /// - Parameter expression: where the element is written, when it is written by itself.
    /// - Throws: when a tuple has not as many parts as there are names.
    public static func values(of element: Value, for names: [Name], from expression: Expression? = nil) throws(Diagnostic) -> [Value] {
        guard names.count > 1, let first = names.first, let last = names.last else { return [element] }
        if case .unknown(let type) = element, type == .anything || type == .list {
            return names.map { _ in .unknown(.anything) }
        }
        guard case .list(let parts) = element, parts.elements.count == names.count else {
            let have = if case .list(let parts) = element { "\(parts.elements.count)" } else { "one" }
            throw Diagnostic(
                code: AnalysisCode.wrongTupleSize.rawValue, "\(names.count) names for \(have) \(have == "one" ? "value" : "values")",
                at: expression?.span ?? first.span.union(last.span), help: ["each element must be a tuple of \(names.count): \(element.literal.prefix(60)) is not"])
        }
        return parts.elements
    }
}

extension Expression {
    /// Where element `index` of a list is written; nil where the list is not written out.
    func element(_ index: Int) -> Expression? {
        guard case .list(let elements) = kind, elements.indices.contains(index) else { return nil }
        return elements[index]
    }
}
