/// The value of a loss's setting.
public enum LossValue: Equatable, Sendable {
    case number(Double)
    case integer(Int)
    case integers([Int])
    case word(String)
    case flag(Bool)
}

/// One setting of a loss: its name, what it is unless given, and what it may be.
public struct LossSetting: Sendable {
    public let name: String
    /// Its default, which also says of which kind it is.
    public let standard: LossValue
    /// Why a value will not do; nil for one that does.
    let fault: @Sendable (LossValue) -> String?
    /// Another setting beside which alone it counts, in words, and the test.
    private(set) var condition: (words: String, holds: @Sendable (LossValues) throws -> Bool)?

    static func number(_ name: String, _ standard: Double, _ bounds: NumberBounds) -> LossSetting {
        LossSetting(name: name, standard: .number(standard)) { value in
            guard case .number(let number) = value else { return "a number" }
            return bounds.contains(number) ? nil : "a number \(bounds.words)"
        }
    }

    static func integer(_ name: String, _ standard: Int, from least: Int) -> LossSetting {
        LossSetting(name: name, standard: .integer(standard)) { value in
            guard case .integer(let integer) = value, integer >= least else { return "a whole number from \(least) on" }
            return nil
        }
    }

    static func integers(_ name: String, _ standard: [Int], from least: Int) -> LossSetting {
        LossSetting(name: name, standard: .integers(standard)) { value in
            guard case .integers(let integers) = value, !integers.isEmpty, integers.allSatisfy({ $0 >= least }) else {
                return "one whole number or more, each \(least) or more"
            }
            return nil
        }
    }

    static func word(_ name: String, _ standard: String, _ words: [String]) -> LossSetting {
        LossSetting(name: name, standard: .word(standard)) { value in
            guard case .word(let word) = value, words.contains(word) else { return "one of \(words.joined(separator: ", "))" }
            return nil
        }
    }

    static func flag(_ name: String) -> LossSetting {
        LossSetting(name: name, standard: .flag(false)) { if case .flag = $0 { nil } else { "true or false" } }
    }

    /// The same setting, which counts only beside `words`.
    func only(with words: String, _ holds: @escaping @Sendable (LossValues) throws -> Bool) -> LossSetting {
        var result = self
        result.condition = (words, holds)
        return result
    }

    private init(name: String, standard: LossValue, fault: @escaping @Sendable (LossValue) -> String?) {
        (self.name, self.standard, self.fault) = (name, standard, fault)
    }
}

/// What a number may be.
struct NumberBounds: Sendable {
    let words: String
    let contains: @Sendable (Double) -> Bool

    static let above0 = NumberBounds(words: "above 0") { $0 > 0 && $0.isFinite }
    static func within(_ range: ClosedRange<Double>) -> NumberBounds {
        NumberBounds(words: "from \(range.lowerBound) to \(range.upperBound)") { range.contains($0) }
    }
    static func within(_ range: Range<Double>) -> NumberBounds {
        NumberBounds(words: "from \(range.lowerBound) to below \(range.upperBound)") { range.contains($0) }
    }
}

/// The values of all settings of a loss that is being made.
struct LossValues {
    let loss: String
    let values: [String: LossValue]

    func number(_ name: String) throws -> Double { if case .number(let value)? = values[name] { value } else { throw missing(name) } }
    func integer(_ name: String) throws -> Int { if case .integer(let value)? = values[name] { value } else { throw missing(name) } }
    func integers(_ name: String) throws -> [Int] { if case .integers(let value)? = values[name] { value } else { throw missing(name) } }
    func word(_ name: String) throws -> String { if case .word(let value)? = values[name] { value } else { throw missing(name) } }
    func flag(_ name: String) throws -> Bool { if case .flag(let value)? = values[name] { value } else { throw missing(name) } }

    private func missing(_ name: String) -> MetricLearningError { MetricLearningError("the loss `\(loss)` is made without its `\(name)`") }
}

/// A loss of ``NamedLosses``.
public struct LossDefinition: Sendable {
    public let name: String
    public let settings: [LossSetting]
    let make: @Sendable (LossValues) throws -> any Loss

    init(_ name: String, _ settings: [LossSetting], make: @escaping @Sendable (LossValues) throws -> any Loss) {
        (self.name, self.settings, self.make) = (name, settings, make)
    }

    public func setting(_ name: String) -> LossSetting? { settings.first { $0.name == name } }

    /// The values of all settings that count.
    func values(_ given: [String: LossValue]) throws -> [String: LossValue] {
        for (name, value) in given.sorted(by: { $0.key < $1.key }) {
            guard let setting = setting(name) else {
                let names = settings.map(\.name).joined(separator: ", ")
                throw MetricLearningError("loss \(self.name) has no `\(name)`; it has \(names)")
            }
            if let wanted = setting.fault(value) { throw MetricLearningError("loss \(self.name) \(name)=\(value.text) must be \(wanted)") }
        }
        var values: [String: LossValue] = [:]
        for setting in settings {
            // A setting on which others depend stands before them.
            if let condition = setting.condition, try !condition.holds(LossValues(loss: name, values: values)) {
                guard given[setting.name] == nil else { throw MetricLearningError("loss \(name) \(setting.name) counts only with \(condition.words)") }
                continue
            }
            values[setting.name] = given[setting.name] ?? setting.standard
        }
        return values
    }
}

extension LossValue {
    /// As in a script.
    var text: String {
        switch self {
        case .number(let number): "\(number)"
        case .integer(let integer): "\(integer)"
        case .integers(let integers): "\(integers)"
        case .word(let word): word
        case .flag(let flag): "\(flag)"
        }
    }
}
