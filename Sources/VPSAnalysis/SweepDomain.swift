import Diagnostics
import VPSSyntax
internal import Glibc

/// What an axis of a sweep goes through, or draws from.
public enum SweepDomain: Sendable {
    /// Points in order, each with a value for each of the names.
    case points([[Value]])
    case uniform(ClosedRange<Double>)
    /// Uniform in the logarithm; both ends above 0.
    case logUniform(ClosedRange<Double>)
    case integers(ClosedRange<Int>)
    /// Nothing is known of it before a run.
    case unknown

    /// What may stand in a `vary` beside lists and ranges.
    public static let functions: [(name: String, synopsis: String)] = [
        ("log", "log(from..through, count)"), ("uniform", "uniform(low, high)"), ("loguniform", "loguniform(low, high)"),
        ("int", "int(low, high)"), ("choice", "choice([a, b])"),
    ]

    /// Whether values are drawn from it rather than listed.
    public var isDistribution: Bool {
        switch self {
        case .uniform, .logUniform, .integers: true
        case .points, .unknown: false
        }
    }

    /// Values that stand for all: every point, the two ends of a distribution.
    public var examples: [[Value]] {
        switch self {
        case .points(let points): points
        case .uniform(let range), .logUniform(let range): [[.number(range.lowerBound)], [.number(range.upperBound)]]
        case .integers(let range): [[.integer(range.lowerBound)], [.integer(range.upperBound)]]
        case .unknown: []
        }
    }

    /// - Throws: when the values are none that an axis can have.
    init(_ vary: VaryStatement, scope: Scope) throws(Diagnostic) {
        if case .call(let function, let arguments) = vary.domain.kind, Self.functions.contains(where: { $0.name == function.text }),
            function.text != "log" || arguments.count == 2
        {
            self = try Self.called(function, arguments, vary, scope: scope)
            return
        }
        self = try Self.listed(try Evaluator.value(of: vary.domain, in: scope), vary)
    }

    private static func listed(_ value: Value, _ vary: VaryStatement) throws(Diagnostic) -> SweepDomain {
        let span = vary.domain.span
        let sequence = try LoopSequence(value, at: span)
        guard let count = sequence.count else { return .unknown }
        guard count > 0 else {
            throw Diagnostic(
                code: AnalysisCode.unusableAxis.rawValue, "there is nothing to vary `\(vary.names.map(\.text).joined(separator: ", "))` in", at: span)
        }
        guard count <= SweepSpace.mostCells else { throw SweepSpace.tooMany(at: span) }
        var points: [[Value]] = []
        for index in 0..<count {
            guard let element = sequence.element(index) else { break }
            points.append(try LoopSequence.values(of: element, for: vary.names, from: vary.domain.element(index)))
        }
        return .points(points)
    }

    private static func called(
        _ function: Name, _ arguments: [Expression], _ vary: VaryStatement, scope: Scope
    ) throws(Diagnostic) -> SweepDomain {
        var values: [Value] = []
        for argument in arguments { values.append(try Evaluator.value(of: argument, in: scope)) }
        let synopsis = functions.first { $0.name == function.text }?.synopsis ?? ""
        func wrong(_ message: String) -> Diagnostic {
            Diagnostic(code: AnalysisCode.unusableAxis.rawValue, message, at: vary.domain.span, help: ["write `\(synopsis)`"])
        }
        guard values.allSatisfy(\.isKnown) else { return .unknown }
        if function.text == "choice" {
            guard values.count == 1, let list = values.first, case .list = list else { throw wrong("`choice` takes one list") }
            return try listed(list, vary)
        }
        guard vary.names.count == 1 else { throw wrong("`\(function.text)` gives values to one name, not to \(vary.names.count) in step") }
        if function.text == "log" {
            guard case .range(let range)? = values.first, let count = values.last?.wholeNumber, range.from > 0, range.through > 0, range.step == nil else {
                throw wrong("`log` takes a range above 0 and how many values to take from it")
            }
            guard (1...SweepSpace.mostCells).contains(count) else { throw wrong("\(count) values cannot be taken from a range") }
            return .points((0..<count).map { [Value.number(logarithmic(range.from, range.through, $0, of: count))] })
        }
        guard values.count == 2, let low = values.first?.double, let high = values.last?.double, low.isFinite, high.isFinite, low < high else {
            throw wrong("`\(function.text)` takes two numbers, the smaller one first")
        }
        switch function.text {
        case "uniform":
            guard (high - low).isFinite else { throw wrong("the range is too wide") }
            return .uniform(low...high)
        case "loguniform":
            guard low > 0 else { throw wrong("`loguniform` needs numbers above 0") }
            return .logUniform(low...high)
        default:
            guard let first = values.first?.wholeNumber, let last = values.last?.wholeNumber, abs(low) < 1e15, abs(high) < 1e15 else {
                throw wrong("`int` takes whole numbers")
            }
            return .integers(first...last)
        }
    }

    /// Rounded to twelve digits, so that 1e-4..1e-2 gives 0.001 in the middle.
    private static func logarithmic(_ from: Double, _ through: Double, _ index: Int, of count: Int) -> Double {
        guard count > 1, index > 0 else { return from }
        guard index < count - 1 else { return through }
        let value = exp(log(from) + (log(through) - log(from)) * Double(index) / Double(count - 1))
        let unit = pow(10, 11 - floor(log10(value)))
        let rounded = (value * unit).rounded() / unit
        return rounded.isFinite && rounded > 0 ? rounded : value
    }
}
