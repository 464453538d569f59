public import Diagnostics
public import VPSSyntax

/// Where a script makes and uses names: what go to definition, references and rename are made of.
///
/// It follows ``Scope``: what a `def` makes is its own, everything else belongs to the script and to whatever it includes
/// or is included by.
public struct NameIndex: Sendable {
    /// Names of different spaces have nothing to do with each other.
    public enum Space: Hashable, Sendable {
        /// Variables of the script.
        case script
        /// Variables of the `def` of that name, its parameters among them.
        case definition(String)
        /// Commands that a `def` makes.
        case commands
    }

    public enum Role: Hashable, Sendable {
        case reference
        case `let`, param, loop, result, axis
        /// A parameter of a `def`.
        case formal
        case definition

        public var isDefinition: Bool { self != .reference }
    }

    public struct Occurrence: Hashable, Sendable {
        public var name: String
        public var space: Space
        public var role: Role
        /// Of the name alone, without `$`.
        public var span: SourceSpan
    }

    /// In source order.
    public private(set) var occurrences: [Occurrence] = []

    /// The `def` whose body is walked.
    private var definition: String?
    /// What that body has made so far.
    private var made: Set<String> = []

    public init(_ script: Script) {
        walk(script.statements)
        occurrences.sort { $0.span.lower < $1.span.lower }
    }

    /// What stands at a byte; a name's end counts as part of it, for a cursor behind its last letter.
    public func occurrence(at offset: Int) -> Occurrence? {
        occurrences.last { $0.span.lower <= offset && offset <= $0.span.upper }
    }

    /// What stands at a name's own place.
    func occurrence(at span: SourceSpan) -> Occurrence? {
        var (low, high) = (0, occurrences.count)
        while low < high {
            let middle = (low + high) / 2
            if occurrences[middle].span.lower < span.lower { low = middle + 1 } else { high = middle }
        }
        return occurrences[low...].prefix { $0.span.lower == span.lower }.first { $0.span == span }
    }

    public func occurrences(of name: String, in space: Space) -> [Occurrence] {
        occurrences.filter { $0.name == name && $0.space == space }
    }

    // MARK: Walking

    private mutating func walk(_ statements: [Statement]) {
        for statement in statements { walk(statement.kind) }
    }

    private mutating func walk(_ kind: Statement.Kind) {
        switch kind {
        case .version, .include: break
        case .command(let command): walk(command)
        case .let(let statement):
            walk(statement.value)
            make(statement.name, .let)
        case .param(let statement):
            walk(statement.defaultValue)
            if let domain = statement.domain { walk(domain) }
            make(statement.name, .param)
        case .if(let statement):
            for branch in statement.branches {
                walk(branch.condition)
                walk(branch.body.statements)
            }
            walk(statement.otherwise?.statements ?? [])
        case .for(let statement):
            walk(statement.sequence)
            for name in statement.names { make(name, .loop) }
            walk(statement.body.statements)
        case .def(let statement): walk(statement)
        case .assert(let statement):
            walk(statement.condition)
            if let message = statement.message { walk(message) }
        case .print(let statement): walk(statement.value)
        case .vary(let statement):
            walk(statement.domain)
            for name in statement.names { make(name, .axis) }
        }
    }

    private mutating func walk(_ command: CommandStatement) {
        add(command.name, .commands, .reference)
        for argument in command.arguments {
            // A key names a parameter where the command is a `def`; of another command it names nothing here.
            if let key = argument.name { add(key, .definition(command.name.text), .reference) }
            walk(argument.value)
        }
        walk(command.block?.statements ?? [])
        if let result = command.result { make(result, .result) }
    }

    private mutating func walk(_ statement: DefStatement) {
        add(statement.name, .commands, .definition)
        // Defaults are evaluated where the command is called.
        for parameter in statement.parameters { if let value = parameter.defaultValue { walk(value) } }
        let outer = (definition, made)
        (definition, made) = (statement.name.text, [])
        for parameter in statement.parameters { make(parameter.name, .formal) }
        walk(statement.body.statements)
        (definition, made) = outer
    }

    private mutating func walk(_ expression: Expression) {
        if case .variable(let name, _) = expression.kind {
            let isOwn = made.contains(name.text)
            add(name, isOwn ? .definition(definition ?? "") : .script, .reference)
        }
        for child in expression.kind.children { walk(child) }
    }

    private mutating func make(_ name: Name, _ role: Role) {
        if definition != nil { made.insert(name.text) }
        add(name, definition.map { .definition($0) } ?? .script, role)
    }

    private mutating func add(_ name: Name, _ space: Space, _ role: Role) {
        occurrences.append(Occurrence(name: name.text, space: space, role: role, span: name.span))
    }
}
