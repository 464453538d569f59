public import Foundation

/// What the command line takes, as ArgumentParser describes it (`vptsp --experimental-dump-help`).
public struct ProgramDescription: Decodable, Sendable {
    public struct Command: Decodable, Sendable {
        public var commandName: String
        public var abstract: String?
        public var discussion: String?
        public var arguments: [Argument]?
        public var subcommands: [Command]?
        public var shouldDisplay: Bool
    }

    public struct Argument: Decodable, Sendable {
        public struct Name: Decodable, Sendable {
            public var kind: String
            public var name: String
        }

        public var kind: String
        public var names: [Name]?
        public var valueName: String?
        public var abstract: String?
        public var defaultValue: String?
        public var isOptional: Bool
        public var isRepeating: Bool
        public var shouldDisplay: Bool
    }

    public var command: Command

    /// - Throws: DecodingError when the text is no such description.
    public init(json: Data) throws {
        self = try JSONDecoder().decode(Self.self, from: json)
    }
}

extension ProgramDescription.Command {
    /// Those a user calls: without the `help` of ArgumentParser, which comes after our own.
    var shown: [Self] {
        var names: Set<String> = []
        return (subcommands ?? []).filter { $0.shouldDisplay && names.insert($0.commandName).inserted }
    }

    /// Without `--help` and `--version`, which every command has.
    var ownArguments: [ProgramDescription.Argument] {
        (arguments ?? []).filter { $0.shouldDisplay && !["help", "version"].contains($0.valueName ?? "") }
    }
}

extension ProgramDescription.Argument {
    var isPositional: Bool { kind == "positional" }

    /// `--check`, `--threads N`, `FILE …`.
    var spelling: String {
        let value = (valueName ?? "value").uppercased()
        if isPositional { return isRepeating ? "\(value) …" : value }
        let words = (names ?? []).map { ($0.kind == "long" ? "--" : "-") + $0.name }
        return words.joined(separator: ", ") + (kind == "option" ? " \(value)" : "")
    }

    /// As it stands in a synopsis.
    var synopsis: String { isOptional ? "[\(spelling)]" : spelling }
}
