public import Diagnostics

/// `vps 1`: the version of the language; only as the first statement.
public struct VersionStatement: Equatable, Sendable {
    public var version: Int
    @Uncompared public var versionSpan: SourceSpan

    public init(version: Int, versionSpan: SourceSpan) {
        self.version = version
        self.versionSpan = versionSpan
    }
}

/// `name argument* [{ … }] [-> result]`. The parser knows no command and no `def`: both look like this.
public struct CommandStatement: Equatable, Sendable {
    public var name: Name
    /// In the order written.
    public var arguments: [Argument]
    public var block: Block?
    /// The variable that keeps the record the command returns.
    public var result: Name?

    public init(name: Name, arguments: [Argument], block: Block? = nil, result: Name? = nil) {
        self.name = name
        self.arguments = arguments
        self.block = block
        self.result = result
    }
}

/// `key=value`, or a value without a key. A flag is a bare word without a key: only the command's declaration can
/// tell it from a positional word.
public struct Argument: Equatable, Sendable {
    public var name: Name?
    public var value: Expression
    @Uncompared public var span: SourceSpan

    public init(name: Name? = nil, value: Expression, span: SourceSpan) {
        self.name = name
        self.value = value
        self.span = span
    }
}

/// `let name = value`.
public struct LetStatement: Equatable, Sendable {
    public var name: Name
    public var value: Expression

    public init(name: Name, value: Expression) {
        self.name = name
        self.value = value
    }
}

/// `param name = default [in domain] ["description"]`: a variable that the command line may set.
public struct ParamStatement: Equatable, Sendable {
    public var name: Name
    public var defaultValue: Expression
    /// A range or a list of the values allowed.
    public var domain: Expression?
    public var summary: LiteralText?

    public init(name: Name, defaultValue: Expression, domain: Expression? = nil, summary: LiteralText? = nil) {
        self.name = name
        self.defaultValue = defaultValue
        self.domain = domain
        self.summary = summary
    }
}

/// A string that must be known without running anything: no interpolation.
public struct LiteralText: Equatable, Sendable {
    public var text: String
    @Uncompared public var span: SourceSpan

    public init(_ text: String, span: SourceSpan) {
        self.text = text
        self.span = span
    }
}

/// `if a { } else if b { } else { }`.
public struct IfStatement: Equatable, Sendable {
    public struct Branch: Equatable, Sendable {
        public var condition: Expression
        public var body: Block

        public init(condition: Expression, body: Block) {
            self.condition = condition
            self.body = body
        }
    }

    /// The `if` and each `else if`, in order; at least one.
    public var branches: [Branch]
    /// The last `else`.
    public var otherwise: Block?

    public init(branches: [Branch], otherwise: Block? = nil) {
        self.branches = branches
        self.otherwise = otherwise
    }
}

/// `for a in list { }`; `for a, b in [(1, 2), (3, 4)] { }` takes each tuple apart.
public struct ForStatement: Equatable, Sendable {
    public var names: [Name]
    public var sequence: Expression
    public var body: Block

    public init(names: [Name], sequence: Expression, body: Block) {
        self.names = names
        self.sequence = sequence
        self.body = body
    }
}

/// `def name(a, b=1) { }`, called like a command: `name 2 b=3`.
public struct DefStatement: Equatable, Sendable {
    public struct Parameter: Equatable, Sendable {
        public var name: Name
        public var defaultValue: Expression?

        public init(name: Name, defaultValue: Expression? = nil) {
            self.name = name
            self.defaultValue = defaultValue
        }
    }

    public var name: Name
    public var parameters: [Parameter]
    public var body: Block

    public init(name: Name, parameters: [Parameter], body: Block) {
        self.name = name
        self.parameters = parameters
        self.body = body
    }
}

/// `include "file.vps"`; relative to the including file.
public struct IncludeStatement: Equatable, Sendable {
    public var path: LiteralText

    public init(path: LiteralText) {
        self.path = path
    }
}

/// `assert condition ["message"]`.
public struct AssertStatement: Equatable, Sendable {
    public var condition: Expression
    /// A string, which may interpolate.
    public var message: Expression?

    public init(condition: Expression, message: Expression? = nil) {
        self.condition = condition
        self.message = message
    }
}

/// `print value`.
public struct PrintStatement: Equatable, Sendable {
    public var value: Expression

    public init(value: Expression) {
        self.value = value
    }
}

/// `vary a in list`, `vary a, b in [(1, 2), (3, 4)]`: an axis of the sweep whose block it stands in.
///
/// The axes of a group make a product. `+ vary …` begins another group, whose cells follow those of the groups before it.
public struct VaryStatement: Equatable, Sendable {
    public var names: [Name]
    public var domain: Expression
    /// Written with the `+`.
    public var beginsGroup: Bool

    public init(names: [Name], domain: Expression, beginsGroup: Bool = false) {
        self.names = names
        self.domain = domain
        self.beginsGroup = beginsGroup
    }
}
