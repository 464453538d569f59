/// What must hold for the arguments of one command together; checked as soon as the values are known.
public enum Constraint: Codable, Hashable, Sendable {
    /// `batch` is a whole multiple of `per-class`; for the variants named, all when there are none.
    case divides(divisor: String, dividend: String, variants: [String] = [])
    /// At most one of these is given.
    case exclusive([String])
    /// All of these are given, or none.
    case paired([String])
    /// Nothing else is given beside this flag.
    case alone(String)
    /// These options stand only with `option=value`, and with it all of them must be given.
    case together(options: [String], with: String, value: String)
    /// These options stand only where another, given or not, has the value; for the variants that have the other.
    case belong(options: [String], to: String, value: String)
    /// These options stand only with another option; with a flag, only where it is set.
    case onlyWith(options: [String], other: String)
    /// The first is not larger than the second.
    case notAbove(smaller: String, larger: String)
    /// The option is at most a property of the session.
    case atMost(option: String, property: SessionProperty)
    /// `dividend / divisor` is at most a property of the session.
    case quotientAtMost(dividend: String, divisor: String, property: SessionProperty)
    /// The path given ends so, for the variant.
    case ending(option: String, suffix: String, variant: String)
    /// Not while all of these hold; `because` says why in a clause, `help` what to write instead.
    case never([Condition], because: String, help: [String] = [])
}

/// Something that a command's arguments or the session can be; what is not known does not hold.
public enum Condition: Codable, Hashable, Sendable {
    case given(String)
    case absent(String)
    /// The option's number, given or by default.
    case option(String, atMost: Double)
    case property(SessionProperty, in: ClosedRange<Int>)

    /// The option that it is about.
    public var option: String? {
        switch self {
        case .given(let name), .option(let name, _): name
        case .absent, .property: nil
        }
    }
}
