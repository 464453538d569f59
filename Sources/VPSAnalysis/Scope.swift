public import VPSSyntax

/// The names that hold at a place of a script.
///
/// A name lives from its `let` to the end of the script, or of the `def` in which it is given; `if` and `for` open
/// no scope. The body of a `def` sees the script's names and its own, not those of a `def` that calls it.
public struct Scope: Sendable {
    private var global: [String: Value] = [:]
    /// Those of the `def` at work.
    private var local: [String: Value]?
    /// Commands that the script made.
    public private(set) var definitions: [String: DefStatement] = [:]
    /// True when there may be names that cannot be seen: a file could not be included.
    public var mayHaveOthers = false

    /// `$_`: what the last command that returns something returned.
    public static let lastResult = "_"

    public init() {}

    public subscript(_ name: String) -> Value? { local?[name] ?? global[name] }

    /// Every name that the script gave, sorted; not ``lastResult``.
    public var names: [String] { Set(global.keys).union(local?.keys.map { $0 } ?? []).filter { $0 != Self.lastResult }.sorted() }

    public mutating func set(_ name: String, to value: Value) {
        if local == nil { global[name] = value } else { local?[name] = value }
    }

    /// Keeps the names alone.
    mutating func forgetValues() {
        global = global.mapValues { _ in .unknown(.anything) }
        local = local?.mapValues { _ in .unknown(.anything) }
    }

    public mutating func define(_ definition: DefStatement) {
        definitions[definition.name.text] = definition
    }

    /// The scope in which the body of a `def` runs.
    public func entering(with parameters: [String: Value]) -> Scope {
        var inner = self
        inner.local = parameters
        return inner
    }

    /// What holds after one of two ways through a script, nobody knows which: names of either, with a value only
    /// where both agree.
    func joined(with other: Scope) -> Scope {
        var result = self
        result.global = Self.join(global, other.global)
        if let local, let otherLocal = other.local { result.local = Self.join(local, otherLocal) }
        result.definitions.merge(other.definitions) { mine, _ in mine }
        result.mayHaveOthers = mayHaveOthers || other.mayHaveOthers
        return result
    }

    private static func join(_ left: [String: Value], _ right: [String: Value]) -> [String: Value] {
        left.merging(right) { first, second in first == second ? first : .unknown(commonType(first, second)) }
    }

    private static func commonType(_ first: Value, _ second: Value) -> ValueType {
        if first.type == second.type { return first.type == .record ? .anything : first.type }
        return first.type.isNumeric && second.type.isNumeric ? .number : .anything
    }
}
