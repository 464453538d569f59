public import VPSSyntax

/// A value of the language; `unknown` stands for one that only a run can tell, so that analysis and interpreter
/// share one evaluator.
public enum Value: Hashable, Sendable {
    case integer(Int)
    case number(Double)
    /// Bytes or seconds.
    case quantity(Double, Unit.Dimension)
    case boolean(Bool)
    /// A bare word; equal to the text of the same letters everywhere but where a path may stand beside words.
    case word(String)
    case text(String)
    case list(ListValue)
    case range(RangeValue)
    case record(Record)
    case unknown(ValueType)

    /// A list of the values.
    public static func list(of elements: [Value]) -> Value { .list(ListValue(elements)) }
}

/// What is known of a value before it is known.
public enum ValueType: String, Hashable, Sendable {
    case anything, integer, number, size, duration, boolean, text, list, range, record

    /// `a number`.
    public var description: String {
        switch self {
        case .anything: "a value"
        case .integer: "a whole number"
        case .number: "a number"
        case .size: "a size"
        case .duration: "a time"
        case .boolean: "true or false"
        case .text: "a text"
        case .list: "a list"
        case .range: "a range"
        case .record: "a record"
        }
    }

    var isNumeric: Bool { self == .integer || self == .number }
    var isQuantity: Bool { self == .size || self == .duration }
}

extension Value {
    public var type: ValueType {
        switch self {
        case .integer: .integer
        case .number: .number
        case .quantity(_, .size): .size
        case .quantity(_, .duration): .duration
        case .boolean: .boolean
        case .word, .text: .text
        case .list: .list
        case .range: .range
        case .record: .record
        case .unknown(let type): type
        }
    }

    /// False when some part of it is unknown.
    public var isKnown: Bool {
        switch self {
        case .unknown: false
        case .list(let list): list.isKnown
        case .record(let record): record.isComplete && record.openPrefixes.isEmpty && record.fields.allSatisfy(\.value.isKnown)
        default: true
        }
    }

    /// Of an integer or number.
    public var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// Of an integer, or of a number that is whole.
    public var wholeNumber: Int? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int(exactly: value)
        default: nil
        }
    }

    /// Of a word or text.
    public var string: String? {
        switch self {
        case .word(let text), .text(let text): text
        default: nil
        }
    }

    /// How much memory it takes, in units of about 16 bytes; what is built is bounded by it.
    var weight: Int {
        switch self {
        case .word(let text), .text(let text): 1 + text.utf8.count / 16
        case .list(let list): list.weight
        case .record(let record): record.weight
        default: 1
        }
    }
}

/// The elements of a list or tuple.
public struct ListValue: Hashable, Sendable {
    public let elements: [Value]
    public let isKnown: Bool
    let weight: Int

    public init(_ elements: [Value]) {
        self.elements = elements
        isKnown = elements.allSatisfy(\.isKnown)
        weight = elements.reduce(1) { sum, element in
            let (total, overflows) = sum.addingReportingOverflow(element.weight)
            return overflows ? .max : total
        }
    }
}

/// `from..through [by step]`; both ends belong to it.
public struct RangeValue: Hashable, Sendable {
    public let from: Double
    public let through: Double
    public let step: Double?
    /// Whether ends and step were whole numbers.
    public let isInteger: Bool

    /// - Returns: nil when an end is not finite, the step is 0, or it leads away from `through`.
    public init?(from: Double, through: Double, step: Double?, isInteger: Bool) {
        guard from.isFinite, through.isFinite, step?.isFinite ?? true else { return nil }
        if let step, step == 0 || (through - from) * step < 0 { return nil }
        if step == nil, through < from { return nil }
        self.from = from
        self.through = through
        self.step = step
        self.isInteger = isInteger
    }

    /// Number of elements; nil when it has no steps or more than a loop can have.
    public var count: Int? {
        guard let stride = step ?? (isInteger ? 1 : nil) else { return nil }
        // Rounding must not lose the last element of 0.1..0.5 by 0.1.
        let steps = ((through - from) / stride + 1e-9).rounded(.down)
        return steps < 1e9 ? Int(exactly: steps).map { $0 + 1 } : nil
    }

    /// Element `index`, from 0.
    public func element(_ index: Int) -> Value {
        let value = from + Double(index) * (step ?? 1)
        if isInteger, let whole = Int(exactly: value) { return .integer(whole) }
        return .number(value)
    }

    public func contains(_ value: Double) -> Bool {
        let (low, high) = (Swift.min(from, through), Swift.max(from, through))
        guard value >= low, value <= high else { return false }
        guard let step else { return true }
        let steps = (value - from) / step
        return abs(steps - steps.rounded()) < 1e-9
    }
}

/// What a command returned.
public struct Record: Hashable, Sendable {
    public struct Field: Hashable, Sendable {
        public var name: String
        public var value: Value
    }

    public private(set) var fields: [Field]
    /// False when it may have other fields too.
    public var isComplete: Bool
    /// Beginnings of the names of fields that it may have too.
    var openPrefixes: [String]
    /// For fields that it has not: what would have given them.
    public var hints: [String]

    public init(_ fields: [(String, Value)] = [], isComplete: Bool = true, hints: [String] = []) {
        self.init(fields, isComplete: isComplete, openPrefixes: [], hints: hints)
    }

    init(_ fields: [(String, Value)], isComplete: Bool = true, openPrefixes: [String], hints: [String]) {
        self.fields = fields.map { Field(name: $0.0, value: $0.1) }
        self.isComplete = isComplete
        self.openPrefixes = openPrefixes
        self.hints = hints
    }

    public subscript(_ name: String) -> Value? {
        get { fields.first { $0.name == name }?.value }
        set {
            fields.removeAll { $0.name == name }
            if let newValue { fields.append(Field(name: name, value: newValue)) }
        }
    }

    /// Whether a field that it does not list may be there all the same.
    func mayHave(_ name: String) -> Bool { !isComplete || openPrefixes.contains { name.hasPrefix($0) } }

    var weight: Int { fields.reduce(1) { $0 &+ $1.value.weight } }
}
