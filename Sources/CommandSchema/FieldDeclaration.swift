/// A field of the record that a command returns.
public struct FieldDeclaration: Codable, Hashable, Sendable {
    /// When the record has it.
    public enum Presence: Codable, Hashable, Sendable {
        case always
        /// Once for each element of the option's list, whose text is put behind the name: `recall@1`.
        case each(option: String)
        /// When the flag is on.
        case when(option: String)
    }

    public enum Kind: String, Codable, Sendable { case integer, number, text, texts }

    public var name: String
    public var kind: Kind
    public var unit: String
    public var presence: Presence
    /// One line without a full stop.
    public var summary: String

    public init(_ name: String, _ kind: Kind, unit: String = "", presence: Presence = .always, _ summary: String) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.presence = presence
        self.summary = summary
    }

    /// As the reference writes it: `recall@K` where one stands for each K.
    public var displayName: String {
        if case .each = presence { "\(name)K" } else { name }
    }
}
