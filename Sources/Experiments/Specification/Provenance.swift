/// Where a value came from, when it is not a default.
public struct Provenance: Codable, Equatable, Sendable {
    /// Name of the script, or of the session that it was typed into.
    public var source: String
    /// 1 for the first.
    public var line: Int

    public init(source: String, line: Int) {
        self.source = source
        self.line = line
    }
}
