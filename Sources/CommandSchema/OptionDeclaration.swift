/// One value that a command takes.
///
/// A class, which binding and checking pass about by the thousand: it never changes.
public final class OptionDeclaration: Codable, Sendable {
    public let name: String
    public let kind: ValueKind
    /// `px`, `epochs`; empty where the number has none.
    public let unit: String
    /// For numbers, and for each element of a list of numbers and both ends of an interval.
    public let range: NumberRange?
    /// Elements of a list, or tuple.
    public let elements: ElementCount?
    public let defaultValue: DefaultValue
    /// Variants that it belongs to; empty for all.
    public let variants: [String]
    /// One line without a full stop.
    public let summary: String
    /// A value that is accepted, as in a script; with `variant` in the first place of ``variants``, if any.
    public let good: String
    /// A value of which the check must complain.
    public let bad: String
    /// A list, last of the values without a name, that takes every further one as an element: `help search learning rate`.
    public let repeats: Bool
    /// What the session must have when this is given.
    public let needs: [StateFact]
    /// What the session has when this was given.
    public let gives: [StateFact]

    public init(
        _ name: String, _ kind: ValueKind, unit: String = "", range: NumberRange? = nil, elements: ElementCount? = nil,
        default defaultValue: DefaultValue, variants: [String] = [], _ summary: String, good: String, bad: String,
        repeats: Bool = false, needs: [StateFact] = [], gives: [StateFact] = []
    ) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.range = range
        self.elements = elements
        self.defaultValue = defaultValue
        self.variants = variants
        self.summary = summary
        self.good = good
        self.bad = bad
        self.repeats = repeats
        self.needs = needs
        self.gives = gives
    }

    /// A bare word without a value: off unless given.
    public static func flag(
        _ name: String, variants: [String] = [], _ summary: String, needs: [StateFact] = [], gives: [StateFact] = []
    ) -> OptionDeclaration {
        OptionDeclaration(
            name, .flag, default: .value("false"), variants: variants, summary, good: "true", bad: "12", needs: needs,
            gives: gives)
    }

    public var isRequired: Bool { if case .required = defaultValue { true } else { false } }

    /// Whether the option is for the variant; a variant that is not known takes every option.
    public func belongs(to variant: String?) -> Bool {
        guard let variant else { return true }
        return variants.isEmpty || variants.contains(variant)
    }
}

/// What holds when an option is not given.
public enum DefaultValue: Codable, Hashable, Sendable {
    /// As in a script: `0.5`, `[1, 2]`.
    case value(String)
    /// Another for each variant.
    case byVariant([String: String])
    /// Found when the command runs; the text says how: `the model's width`.
    case derived(String)
    /// Nothing: the thing stays off; the text says what that means: `no limit`.
    case absent(String)
    /// The option must be given, for the variants that it belongs to.
    case required

    /// The default as in a script, where there is one before anything runs.
    public func text(for variant: String?) -> String? {
        switch self {
        case .value(let text): text
        case .byVariant(let texts): variant.flatMap { texts[$0] }
        case .derived, .absent, .required: nil
        }
    }
}

/// How many elements a list may have.
public struct ElementCount: Codable, Hashable, Sendable {
    public var least: Int
    public var most: Int?
    /// Whether each must be larger than the one before it.
    public var increasing: Bool

    public init(_ least: Int, _ most: Int? = nil, increasing: Bool = false) {
        self.least = least
        self.most = most
        self.increasing = increasing
    }

    public static func exactly(_ count: Int) -> ElementCount { ElementCount(count, count) }

    public func contains(_ count: Int) -> Bool { count >= least && count <= most ?? .max }

    /// `2 elements`, `1 element or more`.
    public var description: String {
        func elements(_ count: Int) -> String { count == 1 ? "1 element" : "\(count) elements" }
        guard let most else { return "\(elements(least)) or more" }
        return most == least ? elements(least) : "\(least) to \(elements(most))"
    }
}
