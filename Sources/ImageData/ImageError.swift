/// A picture that could not be read, scaled or written, by name.
public struct ImageError: Error, CustomStringConvertible, Hashable, Sendable {
    /// Path of the file, or the name of the tile.
    public let name: String
    /// What is wrong with it.
    public let reason: String
    /// What to do about it, when there is more to say.
    public let help: String?

    public init(name: String, reason: String, help: String? = nil) {
        self.name = name
        self.reason = reason
        self.help = help
    }

    public var description: String {
        "\(name): \(reason)" + (help.map { "; \($0)" } ?? "")
    }
}
