/// What a value must be.
public indirect enum ValueKind: Codable, Hashable, Sendable {
    /// One of a few words.
    case word([WordChoice])
    case integer
    case number
    /// On or off; given by its bare name.
    case flag
    /// A word or a string.
    case text
    case path(PathUse)
    case list(of: ValueKind)
    /// `0.08..1`: both ends belong to it and the first is not larger.
    case interval
    /// Bytes: `4GiB`.
    case size
    /// Seconds: `30min`.
    case duration
    /// The first alternative that fits.
    case either([ValueKind])

    /// The words that may stand here, alternatives included.
    public var choices: [WordChoice] {
        switch self {
        case .word(let choices): choices
        case .either(let kinds): kinds.flatMap(\.choices)
        default: []
        }
    }

    /// The path among the alternatives.
    public var path: PathUse? {
        switch self {
        case .path(let use): use
        case .either(let kinds): kinds.lazy.compactMap(\.path).first
        default: nil
        }
    }

    /// `a whole number`, `gru, mean or none`, `a list of numbers`.
    public var description: String {
        switch self {
        case .word(let choices): alternatives(choices.map(\.word))
        case .integer: "a whole number"
        case .number: "a number"
        case .flag: "true or false"
        case .text: "a text"
        case .path(let use): use.description
        case .list(let element): "a list of \(element.plural)"
        case .interval: "an interval such as 0.5..1"
        case .size: "a size such as 4GiB"
        case .duration: "a time such as 30min"
        case .either(let kinds): alternatives(kinds.map(\.description))
        }
    }

    private var plural: String {
        switch self {
        case .integer: "whole numbers"
        case .number: "numbers"
        case .text: "texts"
        case .path: "paths"
        case .word(let choices): "the words \(choices.map(\.word).joined(separator: ", "))"
        default: description
        }
    }
}

/// `a`, `a or b`, `a, b or c`.
public func alternatives(_ items: [String], conjunction: String = "or") -> String {
    guard let last = items.last, items.count > 1 else { return items.first ?? "" }
    return "\(items.dropLast().joined(separator: ", ")) \(conjunction) \(last)"
}

/// A word that may be given.
public struct WordChoice: Codable, Hashable, Sendable {
    public var word: String
    /// One line without a full stop.
    public var summary: String
    /// Variants of the command in which it may stand; empty for all.
    public var variants: [String]
    /// What the session must have when it is given.
    public var needs: [StateFact]

    public init(_ word: String, _ summary: String, variants: [String] = [], needs: [StateFact] = []) {
        self.word = word
        self.summary = summary
        self.variants = variants
        self.needs = needs
    }
}

/// What is done with a path.
public struct PathUse: Codable, Hashable, Sendable {
    public enum Role: String, Codable, Sendable {
        /// Must exist, and be a file; a folder; either.
        case file, folder, fileOrFolder
        /// Is written.
        case output
        /// A folder that the program keeps for itself, made where it is missing; not what a command is asked to write.
        case store
    }

    public var role: Role
    /// What the name must end in, lower case with the dot; empty for anything.
    public var suffixes: [String]

    public init(_ role: Role, suffixes: [String] = []) {
        self.role = role
        self.suffixes = suffixes
    }

    public var description: String {
        let kind = switch role {
        case .file: "the path of a file"
        case .folder: "the path of a folder"
        case .fileOrFolder: "the path of a file or folder"
        case .output: "the path of a file to write"
        case .store: "the path of a folder, made where it is missing"
        }
        return suffixes.isEmpty ? kind : "\(kind) (\(suffixes.joined(separator: ", ")))"
    }
}
