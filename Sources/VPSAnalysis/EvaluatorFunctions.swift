import CommandCatalog
import Diagnostics
import VPSSyntax
internal import Glibc

extension Evaluator {
    mutating func call(_ function: Name, _ arguments: [(value: Value, span: SourceSpan)], span: SourceSpan) -> Value {
        switch function.text {
        case "log": return real(function, arguments, span, requirement: "above 0", { $0 > 0 }, log)
        case "sqrt": return real(function, arguments, span, requirement: "at least 0", { $0 >= 0 }, sqrt)
        case "round": return round(function, arguments, span)
        case "min", "max", "mean", "std": return statistic(function, arguments, span)
        case "len": return length(function, arguments, span)
        case "range": return wholeNumbers(function, arguments, span)
        default:
            let names = BuiltinFunction.all.map(\.name)
            report(
                .unknownFunction, "no function is called `\(function.text)`", at: function.span,
                label: closestMatch(to: function.text, among: names).map { "did you mean `\($0)`?" },
                help: ["there are \(names.joined(separator: ", "))"])
            return .unknown(.anything)
        }
    }

    private mutating func expect(_ count: ClosedRange<Int>, _ function: Name, _ given: Int, _ span: SourceSpan) -> Bool {
        guard !count.contains(given) else { return true }
        let synopsis = BuiltinFunction.all.first { $0.name == function.text }?.synopsis ?? function.text
        report(
            .wrongArgumentCount, "`\(function.text)` is given \(given) \(given == 1 ? "value" : "values")", at: span,
            help: ["write \(synopsis)"])
        return false
    }

    private mutating func isNumber(_ argument: (value: Value, span: SourceSpan), _ function: Name) -> Bool {
        let type = argument.value.type
        guard type != .anything, !type.isNumeric else { return true }
        report(.wrongOperand, "`\(function.text)` needs numbers, not \(type.description)", at: argument.span)
        return false
    }

    private mutating func real(
        _ function: Name, _ arguments: [(value: Value, span: SourceSpan)], _ span: SourceSpan, requirement: String,
        _ isAllowed: (Double) -> Bool, _ compute: (Double) -> Double
    ) -> Value {
        guard expect(1...1, function, arguments.count, span), isNumber(arguments[0], function) else { return .unknown(.number) }
        guard let x = arguments[0].value.double else { return .unknown(.number) }
        guard isAllowed(x) else {
            report(.arithmetic, "`\(function.text)` needs a number \(requirement), not \(arguments[0].value.literal)", at: arguments[0].span)
            return .unknown(.number)
        }
        return .number(compute(x))
    }

    private mutating func round(
        _ function: Name, _ arguments: [(value: Value, span: SourceSpan)], _ span: SourceSpan
    ) -> Value {
        let type: ValueType = arguments.count == 1 ? .integer : .number
        guard expect(1...2, function, arguments.count, span), arguments.allSatisfy({ isNumber($0, function) }) else {
            return .unknown(type)
        }
        guard let x = arguments[0].value.double else { return .unknown(type) }
        if arguments.count == 1 {
            let rounded = x.rounded(.toNearestOrAwayFromZero)
            return Int(exactly: rounded).map(Value.integer) ?? .number(rounded)
        }
        guard arguments[1].value.isKnown else { return .unknown(.number) }
        guard let digits = arguments[1].value.wholeNumber, (0...17).contains(digits) else {
            report(.arithmetic, "`round` takes 0 to 17 digits", at: arguments[1].span)
            return .unknown(.number)
        }
        let scale = pow(10, Double(digits))
        let rounded = (x * scale).rounded(.toNearestOrAwayFromZero) / scale
        return .number(rounded.isFinite ? rounded : x)
    }

    /// Of one list, or of the arguments.
    private mutating func statistic(
        _ function: Name, _ arguments: [(value: Value, span: SourceSpan)], _ span: SourceSpan
    ) -> Value {
        var arguments = arguments
        if arguments.count == 1 {
            let only = arguments[0]
            switch only.value {
            case .list(let list): arguments = list.elements.map { ($0, only.span) }
            case .range(let range):
                guard let count = range.count, count <= Self.largestWeight else {
                    report(.tooLong, "the range has no steps, or too many", at: only.span)
                    return .unknown(.number)
                }
                arguments = (0..<count).map { (range.element($0), only.span) }
            case .unknown(.list), .unknown(.range), .unknown(.anything): return .unknown(.number)
            default: break
            }
        }
        guard expect((function.text == "std" ? 2 : 1)...Int.max, function, arguments.count, span),
            arguments.allSatisfy({ isNumber($0, function) })
        else { return .unknown(.number) }
        let numbers = arguments.compactMap(\.value.double)
        guard numbers.count == arguments.count else { return .unknown(.number) }
        if function.text == "min" || function.text == "max" {
            let extreme = function.text == "min" ? numbers.min() : numbers.max()
            return arguments.first { $0.value.double == extreme }?.value ?? .unknown(.number)
        }
        let mean = numbers.reduce(0, +) / Double(numbers.count)
        let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let result = function.text == "mean" ? mean : (squares / Double(max(1, numbers.count - 1))).squareRoot()
        guard result.isFinite else {
            report(.arithmetic, "the result is no finite number", at: span)
            return .unknown(.number)
        }
        return .number(result)
    }

    private mutating func length(
        _ function: Name, _ arguments: [(value: Value, span: SourceSpan)], _ span: SourceSpan
    ) -> Value {
        guard expect(1...1, function, arguments.count, span) else { return .unknown(.integer) }
        switch arguments[0].value {
        case .list(let list): return .integer(list.elements.count)
        case .word(let text), .text(let text): return .integer(text.count)
        case .range(let range):
            if let count = range.count { return .integer(count) }
            report(.badRange, "a range without steps has no length", at: arguments[0].span, help: ["write `from..through by step`"])
        case .unknown(.anything), .unknown(.list), .unknown(.range), .unknown(.text): break
        default:
            let type = arguments[0].value.type
            report(.wrongOperand, "`len` needs a list, a range or a text, not \(type.description)", at: arguments[0].span)
        }
        return .unknown(.integer)
    }

    private mutating func wholeNumbers(
        _ function: Name, _ arguments: [(value: Value, span: SourceSpan)], _ span: SourceSpan
    ) -> Value {
        guard expect(1...3, function, arguments.count, span), arguments.allSatisfy({ isNumber($0, function) }) else {
            return .unknown(.list)
        }
        guard arguments.allSatisfy(\.value.isKnown) else { return .unknown(.list) }
        var bounds: [Int] = []
        for argument in arguments {
            guard let whole = argument.value.wholeNumber, whole.magnitude < 1 << 53 else {
                report(.wrongOperand, "`range` needs whole numbers, not \(argument.value.literal)", at: argument.span)
                return .unknown(.list)
            }
            bounds.append(whole)
        }
        let (from, below) = bounds.count == 1 ? (0, bounds[0]) : (bounds[0], bounds[1])
        let step = bounds.count > 2 ? bounds[2] : 1
        guard step != 0 else {
            report(.badRange, "`range` cannot go in steps of 0", at: arguments[2].span)
            return .unknown(.list)
        }
        guard (below - from) / step < Self.largestWeight else {
            report(.tooLong, "the list would have more than \(Self.largestWeight) elements", at: span)
            return .unknown(.list)
        }
        return .list(of: stride(from: from, to: below, by: step).map(Value.integer))
    }
}
