/// Something that holds of a session or does not; what commands need, give and take away.
public enum StateFact: String, Codable, CaseIterable, Comparable, Sendable {
    case modelLoaded
    case dataLoaded
    case validationHeldOut
    case trained

    /// `a model`: what is missing when it does not hold.
    public var description: String {
        switch self {
        case .modelLoaded: "a model"
        case .dataLoaded: "a data set"
        case .validationHeldOut: "classes held out for validation"
        case .trained: "a trained model"
        }
    }

    /// What to write before the command that needs it.
    public var remedy: String {
        switch self {
        case .modelLoaded: "load vit-nano"
        case .dataLoaded: "data glyphs"
        case .validationHeldOut: "data glyphs validate=0.2"
        case .trained: "train epochs=15"
        }
    }

    public static func < (left: StateFact, right: StateFact) -> Bool { left.rawValue < right.rawValue }
}

/// A fact that a command needs.
public struct StateNeed: Codable, Hashable, Sendable {
    public var fact: StateFact
    /// An option that makes up for it: `embed images="birds"` needs no data set.
    public var unlessGiven: String?
    /// The ending of a file that the command can write without it: `save "settings.vps"` needs no model.
    public var unlessFile: String?

    /// ` (not with `images`)`: what makes up for it, in words; empty where nothing does.
    public var exception: String {
        (unlessGiven ?? unlessFile.map { "…" + $0 }).map { " (not with `\($0)`)" } ?? ""
    }

    public init(_ fact: StateFact, unlessGiven: String? = nil, unlessFile: String? = nil) {
        self.unlessFile = unlessFile
        self.fact = fact
        self.unlessGiven = unlessGiven
    }
}

/// A figure of the session that checks read before anything runs.
public enum SessionProperty: String, Codable, CaseIterable, Sendable {
    case modelDepth
    case trainingClasses
    /// That the loss needs; 0 for losses over pairs.
    case proxiesPerClass
    /// 1 where images make proxies of their class, else 0.
    case semanticProxies

    /// `the model has 12 blocks`, with the number.
    public func describe(_ value: Int) -> String {
        switch self {
        case .modelDepth: "the model has \(value) \(value == 1 ? "block" : "blocks")"
        case .trainingClasses: "the data set has \(value) \(value == 1 ? "class" : "classes") to train on"
        case .proxiesPerClass: "the loss has \(value) \(value == 1 ? "proxy" : "proxies") a class"
        case .semanticProxies: value == 0 ? "there are no semantic proxies" : "there are semantic proxies"
        }
    }
}

/// Where a command finds the value of a property that it sets. A variant that no source names makes it unknown.
public enum PropertySource: Codable, Hashable, Sendable {
    case constant(SessionProperty, variant: String, Int)
    case option(SessionProperty, variant: String, option: String)
    /// Known only once the command has run.
    case unknown(SessionProperty)
    /// The variant leaves it as it was.
    case kept(SessionProperty, variant: String)

    public var property: SessionProperty {
        switch self {
        case .constant(let property, _, _), .option(let property, _, _), .unknown(let property), .kept(let property, _): property
        }
    }

    public var variant: String? {
        switch self {
        case .constant(_, let variant, _), .option(_, let variant, _), .kept(_, let variant): variant
        case .unknown: nil
        }
    }
}
