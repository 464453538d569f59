/// A field of the record that a command returns.
public struct FieldDeclaration: Codable, Hashable, Sendable {
    /// When the record has it.
    public enum Presence: Codable, Hashable, Sendable {
        case always
        /// Once for each element of the option's list, whose text is put behind the name: `recall@1`.
        case each(option: String)
        /// When the flag is on, or the option has a value.
        case when(option: String)
        /// Both: once for each element, when the other option has a value.
        case eachWhen(option: String, given: String)
        /// When the option has a value and the command came to it; that is known only once it has run.
        case possible(option: String)
        /// When the command came to it, whatever its options; that is known only once it has run.
        case sometimes
    }

    public enum Kind: String, Codable, Sendable { case integer, number, text, texts, record }

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

    /// As the reference writes it: `recall@K` where one stands for each K, `EMBEDDING` where it is named by an option's element alone.
    public var displayName: String {
        switch presence {
        case .each(let option), .eachWhen(let option, _): name.isEmpty ? option.uppercased() : "\(name)K"
        case .always, .when, .possible, .sometimes: name
        }
    }

    /// The option on which it depends whether it is there.
    public var condition: String? {
        switch presence {
        case .always, .each, .sometimes: nil
        case .when(let option), .eachWhen(_, let option), .possible(let option): option
        }
    }
}
