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
    /// The option stands only with `other=value`, which does not need it.
    case onlyWith(option: String, other: String, value: String)
    /// The first is not larger than the second.
    case notAbove(smaller: String, larger: String)
    /// The option is at most a property of the session.
    case atMost(option: String, property: SessionProperty)
    /// `dividend / divisor` is at most a property of the session.
    case quotientAtMost(dividend: String, divisor: String, property: SessionProperty)
}
