/// What a command is: checking, binding, help, completion and the reference all derive from this value.
///
/// A command whose first positional is a word with choices has *variants* (`proxies gru`, `proxies mean`); options and
/// choices may be limited to some of them. A class, as ``OptionDeclaration`` is one.
public final class CommandDeclaration: Codable, Sendable {
    public let name: String
    public let topic: CommandTopic
    /// One line without a full stop.
    public let summary: String
    /// Paragraphs for the reference; separated by empty lines.
    public let discussion: String
    /// Values without a name, in order.
    public let positionals: [OptionDeclaration]
    /// Values given as `name=value`, and flags.
    public let options: [OptionDeclaration]
    /// What must hold for the arguments together.
    public let constraints: [Constraint]
    /// What the session must have before the command can run.
    public let needs: [StateNeed]
    /// What the session has afterwards.
    public let gives: Set<StateFact>
    /// What the session has no longer.
    public let takes: Set<StateFact>
    /// Other commands whose settings it replaces.
    public let replaces: [String]
    /// Further ones that a variant replaces.
    public let variantReplaces: [String: [String]]
    /// Figures of the session that the command sets; checks of later commands read them.
    public let properties: [PropertySource]
    /// Folder below which the command makes files; what lies there need not exist before it has run.
    public let outputFolder: String?
    /// Fields of the record that `-> name` keeps; a command without any returns nothing.
    public let result: [FieldDeclaration]
    /// Whether statements in braces belong to it: it says how often, and with which values, they run.
    public let takesBlock: Bool
    /// At least one; each is a whole script.
    public let examples: [CommandExample]

    public init(
        name: String, topic: CommandTopic, summary: String, discussion: String = "",
        positionals: [OptionDeclaration] = [], options: [OptionDeclaration] = [], constraints: [Constraint] = [],
        needs: [StateNeed] = [], gives: Set<StateFact> = [], takes: Set<StateFact> = [],
        replaces: [String] = [], variantReplaces: [String: [String]] = [:], properties: [PropertySource] = [], outputFolder: String? = nil, result: [FieldDeclaration] = [],
        takesBlock: Bool = false, examples: [CommandExample]
    ) {
        self.name = name
        self.topic = topic
        self.summary = summary
        self.discussion = discussion
        self.positionals = positionals
        self.options = options
        self.constraints = constraints
        self.needs = needs
        self.gives = gives
        self.takes = takes
        self.replaces = replaces
        self.variantReplaces = variantReplaces
        self.properties = properties
        self.outputFolder = outputFolder
        self.result = result
        self.takesBlock = takesBlock
        self.examples = examples
    }

    /// A positional or an option.
    public func option(named name: String) -> OptionDeclaration? {
        options.first { $0.name == name } ?? positionals.first { $0.name == name }
    }

    /// The other commands whose settings are replaced when it runs with a variant.
    public func replaced(by variant: String?) -> [String] {
        replaces + (variant.flatMap { variantReplaces[$0] } ?? [])
    }

    /// Whether it only says how later commands shall work, and makes nothing itself.
    public var isSetting: Bool {
        [.model, .data, .training].contains(topic) && !gives.contains(.trained) && outputFolder == nil
            && !positionals.contains { $0.kind.path?.role == .output } && !options.contains { $0.kind.path?.role == .output }
    }

    /// The words that the first positional may be; empty for a command without variants.
    public var variants: [WordChoice] {
        positionals.first?.kind.choices ?? []
    }
}

/// Chapters of the reference.
public enum CommandTopic: String, Codable, CaseIterable, Sendable {
    case model, data, training, evaluation, files, session

    public var title: String {
        switch self {
        case .model: "Model and method"
        case .data: "Data"
        case .training: "Training"
        case .evaluation: "Evaluation and search"
        case .files: "Files"
        case .session: "Session"
        }
    }
}

/// A whole script that shows a command at work; a test runs it.
public struct CommandExample: Codable, Hashable, Sendable {
    /// What it shows, one line without a full stop.
    public var summary: String
    public var script: String
    /// What must exist in the working directory for it to run.
    public var files: [ExampleFile]

    public init(_ summary: String, _ script: String, files: [ExampleFile] = []) {
        self.summary = summary
        self.script = script
        self.files = files
    }
}

/// A file or folder that an example reads; whoever runs the example makes one of that kind first.
public struct ExampleFile: Codable, Hashable, Sendable {
    public enum Content: String, Codable, Sendable {
        /// One folder of images a class, at least 4 classes of at least 4 images.
        case imageFolder
        /// `train/` and `test/`, each like ``imageFolder``, with different classes.
        case splitImageFolder
        /// A list of the first half of the classes of an ``imageFolder`` named `birds`, one a line; the second half.
        case firstClasses, secondClasses
        case image
        /// A small CUB-200-2011 as it is distributed.
        case benchmark
        /// Tensors under the names of the paper's own program, on the backbone `vit-nano`.
        case authorsCheckpoint
        /// A table of images with the splits train and test, and the images beside it.
        case imageTable
    }

    public var path: String
    public var content: Content

    public init(_ path: String, _ content: Content) {
        self.path = path
        self.content = content
    }
}
