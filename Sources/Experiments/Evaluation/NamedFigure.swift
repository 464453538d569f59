/// A number that a run or a command came to, by the name that tables, conditions and scripts know it by.
public struct NamedFigure: Codable, Equatable, Sendable {
    /// `loss`, `recall@1`, `best.map@r`.
    public var name: String
    public var value: Double

    public init(name: String, value: Double) {
        self.name = name
        self.value = value
    }
}
