/// Comma-separated values (RFC 4180), lines ended by a line feed.
public struct CSVTable: Sendable {
    public private(set) var text = ""

    public init(header: [String]) { add(header) }

    public mutating func add(_ fields: [String]) {
        text += fields.map(Self.quoted).joined(separator: ",") + "\n"
    }

    private static func quoted(_ field: String) -> String {
        guard field.unicodeScalars.contains(where: { [",", "\"", "\n", "\r"].contains($0) }) else { return field }
        return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
