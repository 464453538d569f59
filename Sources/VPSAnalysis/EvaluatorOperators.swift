import Diagnostics
import VPSSyntax
internal import Glibc

extension Evaluator {
    mutating func unary(_ operation: UnaryOperator, _ operand: Expression) -> Value {
        let value = value(of: operand)
        switch (operation, value) {
        case (.negate, .integer(let number)): return number == .min ? .number(-Double(number)) : .integer(-number)
        case (.negate, .number(let number)): return .number(-number)
        case (.negate, .quantity(let amount, let dimension)): return .quantity(-amount, dimension)
        case (.not, .boolean(let condition)): return .boolean(!condition)
        case (.negate, .unknown(let type)) where type == .anything || type.isNumeric || type.isQuantity: return value
        case (.not, .unknown(let type)) where type == .anything || type == .boolean: return .unknown(.boolean)
        case (.negate, _):
            reportOperand("`-`", value, operand, needs: "a number")
            return .unknown(.anything)
        case (.not, _):
            reportOperand("`not`", value, operand, needs: "a condition")
            return .unknown(.boolean)
        }
    }

    mutating func binary(_ operation: BinaryOperator, _ left: Expression, _ right: Expression, span: SourceSpan) -> Value {
        switch operation {
        case .and, .or: return logic(operation, left, right)
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
            return compare(operation, left, right, span: span)
        default: return arithmetic(operation, left, right, span: span)
        }
    }

    // MARK: Conditions

    /// The right side counts only where the left one leaves it open, so that `$n > 0 and 1 / $n > 2` holds no division by 0.
    private mutating func logic(_ operation: BinaryOperator, _ left: Expression, _ right: Expression) -> Value {
        let decided = operation == .or
        guard let first = condition(left, of: operation) else { return .unknown(.boolean) }
        if first == .boolean(decided) { return first }
        guard let second = condition(right, of: operation) else { return .unknown(.boolean) }
        if second == .boolean(decided) { return second }
        return first.isKnown ? second : first
    }

    private mutating func condition(_ expression: Expression, of operation: BinaryOperator) -> Value? {
        let value = value(of: expression)
        switch value.type {
        case .boolean: return value
        case .anything: return .unknown(.boolean)
        default:
            reportOperand("`\(operation.rawValue)`", value, expression, needs: "conditions")
            return nil
        }
    }

    private mutating func compare(
        _ operation: BinaryOperator, _ left: Expression, _ right: Expression, span: SourceSpan
    ) -> Value {
        let (first, second) = (value(of: left), value(of: right))
        let (type, other) = (first.type, second.type)
        let isEquality = operation == .equal || operation == .notEqual
        let agree = type == .anything || other == .anything || type == other || type.isNumeric && other.isNumeric
        guard agree else {
            report(
                .wrongOperand, "`\(operation.rawValue)` compares \(type.description) with \(other.description)", at: span,
                help: wordHelp(left) + wordHelp(right))
            return .unknown(.boolean)
        }
        guard isEquality else {
            for (type, value, expression) in [(type, first, left), (other, second, right)] {
                guard type == .anything || type.isNumeric || type.isQuantity else {
                    reportOperand("`\(operation.rawValue)`", value, expression)
                    return .unknown(.boolean)
                }
            }
            guard let x = first.magnitude, let y = second.magnitude else { return .unknown(.boolean) }
            switch operation {
            case .less: return .boolean(x < y)
            case .lessOrEqual: return .boolean(x <= y)
            case .greater: return .boolean(x > y)
            default: return .boolean(x >= y)
            }
        }
        guard first.isKnown, second.isKnown else { return .unknown(.boolean) }
        return .boolean(Self.equal(first, second) == (operation == .equal))
    }

    private func wordHelp(_ expression: Expression) -> [String] {
        guard case .word(let text) = expression.kind else { return [] }
        return ["a variable is written `$\(text)`"]
    }

    /// Numbers by value, words and texts by their letters, lists element by element.
    static func equal(_ left: Value, _ right: Value) -> Bool {
        if case .integer(let x) = left, case .integer(let y) = right { return x == y }
        if let x = left.double, let y = right.double { return x == y }
        if let x = left.string, let y = right.string { return x == y }
        if case .list(let x) = left, case .list(let y) = right {
            return x.elements.count == y.elements.count && zip(x.elements, y.elements).allSatisfy { equal($0, $1) }
        }
        return left == right
    }

    // MARK: Arithmetic

    private mutating func arithmetic(
        _ operation: BinaryOperator, _ left: Expression, _ right: Expression, span: SourceSpan
    ) -> Value {
        let (first, second) = (value(of: left), value(of: right))
        for (value, expression) in [(first, left), (second, right)] {
            guard value.type == .anything || value.type.isNumeric || value.type.isQuantity else {
                if value.type == .text, operation == .add, first.type == .text || second.type == .text {
                    report(
                        .wrongOperand, "`+` needs numbers, not a text", at: expression.span,
                        help: ["texts are joined in a string: \"{$a}{$b}\""] + wordHelp(expression))
                } else {
                    reportOperand("`\(operation.rawValue)`", value, expression)
                }
                return .unknown(.anything)
            }
        }
        guard let type = Self.type(of: operation, first.type, second.type) else {
            report(
                .wrongOperand, "`\(operation.rawValue)` does not go with \(first.type.description) and \(second.type.description)",
                at: span)
            return .unknown(.anything)
        }
        guard let x = first.magnitude, let y = second.magnitude else { return .unknown(type) }
        if operation == .divide || operation == .remainder, y == 0 {
            report(.arithmetic, "division by zero", at: right.span)
            return .unknown(type)
        }
        if case .integer(let a) = first, case .integer(let b) = second, let exact = Self.exact(operation, a, b) {
            return .integer(exact)
        }
        let result = Self.real(operation, x, y)
        guard result.isFinite else {
            report(.arithmetic, "the result is no finite number", at: span)
            return .unknown(type)
        }
        switch type {
        case .size: return .quantity(result, .size)
        case .duration: return .quantity(result, .duration)
        default: return .number(result)
        }
    }

    /// The type of the result; nil when the two do not go together.
    private static func type(of operation: BinaryOperator, _ left: ValueType, _ right: ValueType) -> ValueType? {
        if left == .anything || right == .anything { return .anything }
        if left.isNumeric, right.isNumeric {
            let staysWhole = operation != .divide && operation != .power
            return staysWhole && left == .integer && right == .integer ? .integer : .number
        }
        switch operation {
        case .add, .subtract: return left == right ? left : nil
        case .multiply: return left.isNumeric ? right : right.isNumeric ? left : nil
        case .divide: return right.isNumeric ? left : left == right ? .number : nil
        default: return nil
        }
    }

    /// Whole numbers stay whole; nil where the result is not, or does not fit.
    private static func exact(_ operation: BinaryOperator, _ a: Int, _ b: Int) -> Int? {
        let result: (partialValue: Int, overflow: Bool)
        switch operation {
        case .add: result = a.addingReportingOverflow(b)
        case .subtract: result = a.subtractingReportingOverflow(b)
        case .multiply: result = a.multipliedReportingOverflow(by: b)
        case .remainder: result = a.remainderReportingOverflow(dividingBy: b)
        case .power: return power(a, b)
        default: return nil
        }
        return result.overflow ? nil : result.partialValue
    }

    private static func power(_ base: Int, _ exponent: Int) -> Int? {
        guard exponent >= 0 else { return nil }
        if base == 0 || base == 1 { return exponent == 0 ? 1 : base }
        if base == -1 { return exponent % 2 == 0 ? 1 : -1 }
        guard exponent < 64 else { return nil }
        var result = 1
        for _ in 0..<exponent {
            let (next, overflow) = result.multipliedReportingOverflow(by: base)
            if overflow { return nil }
            result = next
        }
        return result
    }

    private static func real(_ operation: BinaryOperator, _ x: Double, _ y: Double) -> Double {
        switch operation {
        case .add: x + y
        case .subtract: x - y
        case .multiply: x * y
        case .divide: x / y
        case .remainder: x.truncatingRemainder(dividingBy: y)
        default: pow(x, y)
        }
    }
}

extension Value {
    /// Of a number or a quantity.
    fileprivate var magnitude: Double? {
        if case .quantity(let amount, _) = self { amount } else { double }
    }
}
