/// A loss by its name, with its settings by theirs: how scripts, runs and reference cases hold one.
///
///     let settings = try LossSettings("triplet", ["margin": .number(0.1), "miner": .word("semihard")])
///     let loss = settings.function
///
/// Names and settings are those of the language; ``NamedLosses`` holds them. A value of this type is valid.
public struct LossSettings: Equatable, Sendable {
    public typealias Value = LossValue

    public let name: String
    /// Every setting that counts, given or not, in the order of the definition. One that only counts beside another
    /// (`miner-margin` beside `miner=semihard`) is left out where that other is different.
    public let settings: [(name: String, value: LossValue)]
    /// The loss itself.
    public let function: any Loss

    /// - Throws: `MetricLearningError` for a name that there is not, a setting that the loss does not have or that counts
    ///   for nothing beside the others, and a value of the wrong kind or out of range.
    public init(_ name: String, _ given: [String: LossValue] = [:]) throws {
        guard let definition = NamedLosses.definition(named: name) else {
            throw MetricLearningError("there is no loss `\(name)`; there are \(NamedLosses.all.map(\.name).joined(separator: ", "))")
        }
        try self.init(definition, given)
    }

    private init(_ definition: LossDefinition, _ given: [String: LossValue]) throws {
        let values = try definition.values(given)
        name = definition.name
        settings = definition.settings.compactMap { setting in values[setting.name].map { (setting.name, $0) } }
        function = try definition.make(LossValues(loss: definition.name, values: values))
    }

    /// Proxy-Anchor as the paper trains with it.
    public static let standard = known(NamedLosses.proxyAnchor)
    /// Hyp-ViT's loss as it trains with it.
    public static let hyperbolic = known(NamedLosses.hyperbolic)
    /// RS@K's with its mixtures.
    public static let recallAtK = known(NamedLosses.recallAtK, ["simix": .flag(true)])

    /// Settings that are right: they stand here.
    private static func known(_ definition: LossDefinition, _ given: [String: LossValue] = [:]) -> LossSettings {
        do { return try LossSettings(definition, given) } catch { preconditionFailure("a loss's own settings: \(error)") }
    }

    public subscript(_ name: String) -> LossValue? { settings.first { $0.name == name }?.value }

    /// Proxies a class that the loss needs.
    public var proxiesPerClass: Int { function.proxiesPerClass }

    public static func == (a: LossSettings, b: LossSettings) -> Bool {
        a.name == b.name && a.settings.elementsEqual(b.settings) { $0.name == $1.name && $0.value == $1.value }
    }
}

extension LossSettings: Codable {
    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// `{"name": "triplet", "margin": 0.05, "miner": "all"}`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(name, forKey: Key(stringValue: "name"))
        for (name, value) in settings {
            let key = Key(stringValue: name)
            switch value {
            case .number(let number): try container.encode(number, forKey: key)
            case .integer(let integer): try container.encode(integer, forKey: key)
            case .integers(let integers): try container.encode(integers, forKey: key)
            case .word(let word): try container.encode(word, forKey: key)
            case .flag(let flag): try container.encode(flag, forKey: key)
            }
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let name = try container.decode(String.self, forKey: Key(stringValue: "name"))
        let definition = NamedLosses.definition(named: name)
        var given: [String: LossValue] = [:]
        for key in container.allKeys where key.stringValue != "name" {
            given[key.stringValue] = switch definition?.setting(key.stringValue)?.standard {
            case .number?: .number(try container.decode(Double.self, forKey: key))
            case .integer?: .integer(try container.decode(Int.self, forKey: key))
            case .integers?: .integers(try container.decode([Int].self, forKey: key))
            case .flag?: .flag(try container.decode(Bool.self, forKey: key))
            // What no setting is called is refused below, by its name.
            case .word?, nil: .word((try? container.decode(String.self, forKey: key)) ?? "")
            }
        }
        try self.init(name, given)
    }
}
