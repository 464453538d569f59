/// The numbers that are allowed; an end that is nil is open to infinity.
public struct NumberRange: Codable, Hashable, Sendable {
    public var lower: Double?
    public var upper: Double?
    /// Whether the ends themselves are left out.
    public var excludesLower: Bool
    public var excludesUpper: Bool
    public var excludesZero: Bool

    public init(
        _ lower: Double?, _ upper: Double?, excludesLower: Bool = false, excludesUpper: Bool = false, excludesZero: Bool = false
    ) {
        self.lower = lower
        self.upper = upper
        self.excludesLower = excludesLower
        self.excludesUpper = excludesUpper
        self.excludesZero = excludesZero
    }

    public static func atLeast(_ lower: Double) -> NumberRange { NumberRange(lower, nil) }
    public static func above(_ lower: Double) -> NumberRange { NumberRange(lower, nil, excludesLower: true) }
    public static func within(_ range: ClosedRange<Double>) -> NumberRange { NumberRange(range.lowerBound, range.upperBound) }
    /// Any number but 0.
    public static var nonzero: NumberRange { NumberRange(nil, nil, excludesZero: true) }
    /// The upper end is left out.
    public static func within(_ range: Range<Double>) -> NumberRange {
        NumberRange(range.lowerBound, range.upperBound, excludesUpper: true)
    }

    /// False for a value that is no number.
    public func contains(_ value: Double) -> Bool {
        guard value.isFinite, !(excludesZero && value == 0) else { return false }
        if let lower, value < lower || excludesLower && value == lower { return false }
        if let upper, value > upper || excludesUpper && value == upper { return false }
        return true
    }

    /// `at least 1`, `above 0`, `from 0 to 1`, `from 0 to below 1`, `other than 0`.
    public var description: String {
        switch (lower, upper) {
        case (nil, nil): excludesZero ? "other than 0" : "any number"
        case (let lower?, nil): "\(excludesLower ? "above" : "at least") \(Self.text(lower))"
        case (nil, let upper?): "\(excludesUpper ? "below" : "at most") \(Self.text(upper))"
        case (let lower?, let upper?):
            "\(excludesLower ? "above" : "from") \(Self.text(lower)) to \(excludesUpper ? "below " : "")\(Self.text(upper))"
        }
    }

    private static func text(_ value: Double) -> String {
        Int(exactly: value).map(String.init) ?? String(value)
    }
}
