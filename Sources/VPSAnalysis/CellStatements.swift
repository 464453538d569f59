import CommandCatalog
import Diagnostics
public import VPSSyntax

/// The statements of one cell of a sweep as a script of its own: names that are known have their values in their place,
/// included scripts are taken in, and branches that are not taken are gone. It needs nothing of the script that it was
/// made from, so that this may be edited while the cell waits.
///
/// Two cells that do the same have the same text, whichever of their values came from a `vary`.
public struct CellStatements: Sendable {
    public private(set) var script: Script
    /// The text without what only prints: what figures depend on.
    public private(set) var essence: String

    public var text: String { Printer.print(script) }

    /// - Parameters:
    ///   - body: what stands after the `vary`s.
    ///   - setting: the cell's values.
    ///   - scope: the names before the sweep.
    ///   - parameters: values for `param`s, where the body is a whole script.
    ///   - seed: changes the number of a `seed` among the statements.
    ///   - included: reads a script that the statements include.
    /// - Throws: what is wrong with an include, and a name that holds a record, which no text stands for.
    public init(
        _ body: [Statement], setting: SweepSpace.Setting, scope: Scope, parameters: [ParameterAssignment] = [], seed: @escaping (Int) -> Int,
        included: @escaping (IncludeStatement) throws -> [Statement]
    ) throws {
        var resolver = Resolver(scope: scope, parameters: parameters, seed: seed, included: included)
        for (name, value) in setting {
            resolver.known[name] = value
            resolver.varied.insert(name)
        }
        var statements = try resolver.resolved(body)
        let calls = try resolver.definitionsCalled(by: statements)
        statements = resolver.withoutUnread(statements, calls)
        let lets = try resolver.outerNames(readBy: calls + statements)
        script = Script(statements: lets + calls + statements)
        essence = Printer.print(Script(statements: lets + calls + statements.filter { statement in
            if case .print = statement.kind { false } else { true }
        }))
    }
}

private struct Resolver {
    /// Names whose value is known at this place.
    var known: [String: Value] = [:]
    /// Names that the sweep sets: a `param` of that name gives way.
    var varied: Set<String> = []
    private let outer: Scope
    private var definitions: [String: DefStatement]
    private let parameters: [ParameterAssignment]
    private let seed: (Int) -> Int
    private let included: (IncludeStatement) throws -> [Statement]
    private var level = 0

    init(
        scope: Scope, parameters: [ParameterAssignment], seed: @escaping (Int) -> Int, included: @escaping (IncludeStatement) throws -> [Statement]
    ) {
        outer = scope
        definitions = scope.definitions
        self.parameters = parameters
        self.seed = seed
        self.included = included
        for name in scope.names { known[name] = scope[name] }
    }

    private var scope: Scope {
        var scope = Scope()
        for (name, value) in known { scope.set(name, to: value) }
        scope.mayHaveOthers = true
        return scope
    }

    // MARK: Statements

    mutating func resolved(_ statements: [Statement]) throws -> [Statement] {
        var result: [Statement] = []
        for statement in statements { result += try resolved(statement) }
        return result
    }

    private mutating func resolved(_ statement: Statement) throws -> [Statement] {
        let span = statement.span
        switch statement.kind {
        case .version, .vary: return []
        case .command(let command): return [Statement(.command(resolved(command)), span: span)]
        case .let(var binding):
            let value = value(of: binding.value)
            binding.value = resolved(binding.value)
            known[binding.name.text] = value
            return [Statement(.let(binding), span: span)]
        case .param(let parameter):
            if varied.contains(parameter.name.text) { return [] }
            let given = parameters.last { $0.name == parameter.name.text }
            let check = ParameterCheck(parameter, given: given, scope: scope)
            if let wrong = check.diagnostics.first { throw wrong }
            known[parameter.name.text] = check.value
            let value = check.value.expression(at: span) ?? resolved(given?.value ?? parameter.defaultValue)
            return [Statement(.let(LetStatement(name: parameter.name, value: value)), span: span)]
        case .if(let branching): return try resolved(branching, span: span)
        case .for(var loop):
            loop.sequence = resolved(loop.sequence)
            forget(Self.assigned(in: loop.body.statements).union(loop.names.map(\.text)))
            loop.body.statements = try inner(loop.body.statements)
            return [Statement(.for(loop), span: span)]
        case .def(let definition):
            definitions[definition.name.text] = definition
            return []
        case .include(let include):
            guard level < 100 else { throw Diagnostic(code: AnalysisCode.includeCycle.rawValue, "\(quoted(include.path.text)) includes itself", at: include.path.span) }
            level += 1
            defer { level -= 1 }
            return try resolved(included(include))
        case .assert(var assertion):
            assertion.condition = resolved(assertion.condition)
            assertion.message = assertion.message.map { resolved($0) }
            return [Statement(.assert(assertion), span: span)]
        case .print(var output):
            output.value = resolved(output.value)
            return [Statement(.print(output), span: span)]
        }
    }

    private mutating func resolved(_ command: CommandStatement) -> CommandStatement {
        var command = command
        for index in command.arguments.indices { command.arguments[index].value = resolved(command.arguments[index].value) }
        if command.name.text == Catalog.seedCommand, let first = command.arguments.indices.first,
            case .integer(let number)? = value(of: command.arguments[first].value),
            let changed = Value.integer(seed(number)).expression(at: command.arguments[first].span)
        {
            command.arguments[first].value = changed
        }
        if let result = command.result { known[result.text] = nil }
        return command
    }

    /// The branch that is taken in place of the statement, where that is known.
    private mutating func resolved(_ branching: IfStatement, span: SourceSpan) throws -> [Statement] {
        var open: [IfStatement.Branch] = []
        var otherwise = branching.otherwise
        for branch in branching.branches {
            switch value(of: branch.condition) {
            case .boolean(false)?: continue
            case .boolean(true)?:
                if open.isEmpty { return try resolved(branch.body.statements) }
                otherwise = branch.body
            default:
                open.append(branch)
                continue
            }
            break
        }
        guard !open.isEmpty else { return try resolved(otherwise?.statements ?? []) }
        var assigned: Set<String> = []
        for index in open.indices {
            assigned.formUnion(Self.assigned(in: open[index].body.statements))
            open[index].condition = resolved(open[index].condition)
            open[index].body.statements = try inner(open[index].body.statements)
        }
        if var last = otherwise {
            assigned.formUnion(Self.assigned(in: last.statements))
            last.statements = try inner(last.statements)
            otherwise = last
        }
        forget(assigned)
        return [Statement(.if(IfStatement(branches: open, otherwise: otherwise)), span: span)]
    }

    /// Statements that may run or not: what they set does not last.
    private mutating func inner(_ statements: [Statement]) throws -> [Statement] {
        let before = known
        defer { known = before }
        return try resolved(statements)
    }

    private mutating func forget(_ names: Set<String>) {
        for name in names { known[name] = nil }
    }

    /// Names that the statements may set, definitions aside.
    private static func assigned(in statements: [Statement]) -> Set<String> {
        var names: Set<String> = []
        for statement in statements {
            switch statement.kind {
            case .let(let binding): names.insert(binding.name.text)
            case .command(let command): if let result = command.result { names.insert(result.text) }
            case .for(let loop): names.formUnion(assigned(in: loop.body.statements).union(loop.names.map(\.text)))
            case .if(let branching):
                for branch in branching.branches { names.formUnion(assigned(in: branch.body.statements)) }
                names.formUnion(assigned(in: branching.otherwise?.statements ?? []))
            default: break
            }
        }
        return names
    }

    // MARK: Definitions and names

    /// The definitions that the statements call, and those that these call, by name. A body sees the names of the place
    /// where it is called, so that only what is said here stays: the names themselves.
    mutating func definitionsCalled(by statements: [Statement]) throws -> [Statement] {
        var called: [String: DefStatement] = [:]
        var open = statements
        while let statement = open.popLast() {
            for command in statement.commands {
                guard called[command.name.text] == nil, let definition = definitions[command.name.text] else { continue }
                called[definition.name.text] = definition
                open += definition.body.statements
            }
        }
        return called.values.sorted { $0.name.text < $1.name.text }.map { Statement(.def($0), span: $0.name.span) }
    }

    /// `let`s that nothing reads any more say nothing.
    func withoutUnread(_ statements: [Statement], _ definitions: [Statement]) -> [Statement] {
        let read = Set((definitions + statements).flatMap(\.namesRead))
        return statements.filter { statement in
            guard case .let(let binding) = statement.kind, !read.contains(binding.name.text) else { return true }
            return value(of: binding.value) == nil
        }
    }

    /// `let`s for the names that come from outside and are still read by name.
    func outerNames(readBy statements: [Statement]) throws -> [Statement] {
        let names = Set(statements.flatMap(\.namesRead))
        return try names.sorted().compactMap { name in
            guard let value = varied.contains(name) ? known[name] : outer[name] else { return nil }
            let span = statements.first?.span ?? SourceSpan(file: 0, lower: 0, upper: 0)
            guard let expression = value.expression(at: span) else {
                throw Diagnostic(
                    code: AnalysisCode.noRecord.rawValue, "`$\(name)` is \(value.type.description), which a cell of a sweep cannot take along", at: span,
                    help: ["use its fields: `$\(name).loss`"])
            }
            return Statement(.let(LetStatement(name: Name(name, span: span), value: expression)), span: span)
        }
    }

    // MARK: Expressions

    /// Nil when it is not known here.
    private func value(of expression: Expression) -> Value? {
        var evaluator = Evaluator(scope: scope)
        let value = evaluator.value(of: expression)
        return evaluator.diagnostics.isEmpty && value.isKnown ? value : nil
    }

    private func resolved(_ expression: Expression) -> Expression {
        if let known = value(of: expression)?.expression(at: expression.span) { return known }
        return expression.mapChildren { resolved($0) }
    }
}

extension Catalog {
    /// The command that sets the seed.
    fileprivate static let seedCommand = "seed"
}

extension Statement {
    /// Commands in it, those in blocks too.
    fileprivate var commands: [CommandStatement] {
        switch kind {
        case .command(let command): [command] + (command.block?.statements.flatMap(\.commands) ?? [])
        case .for(let loop): loop.body.statements.flatMap(\.commands)
        case .if(let branching): (branching.branches.map(\.body) + (branching.otherwise.map { [$0] } ?? [])).flatMap { $0.statements.flatMap(\.commands) }
        case .def(let definition): definition.body.statements.flatMap(\.commands)
        default: []
        }
    }

    /// Names of the variables that it reads.
    fileprivate var namesRead: [String] {
        switch kind {
        case .command(let command): command.arguments.flatMap { $0.value.namesRead }
        case .let(let binding): binding.value.namesRead
        case .print(let output): output.value.namesRead
        case .assert(let assertion): assertion.condition.namesRead + (assertion.message?.namesRead ?? [])
        case .for(let loop): loop.sequence.namesRead + loop.body.statements.flatMap(\.namesRead)
        case .if(let branching):
            branching.branches.flatMap { $0.condition.namesRead + $0.body.statements.flatMap(\.namesRead) }
                + (branching.otherwise?.statements.flatMap(\.namesRead) ?? [])
        case .def(let definition):
            definition.parameters.flatMap { $0.defaultValue?.namesRead ?? [] }
                + definition.body.statements.flatMap(\.namesRead).filter { name in !definition.parameters.contains { $0.name.text == name } }
        case .param, .vary, .version, .include: []
        }
    }
}

extension Expression {
    fileprivate var namesRead: [String] {
        if case .variable(let name, _) = kind { return [name.text] }
        return kind.children.flatMap(\.namesRead)
    }

    /// The same form with other parts.
    fileprivate func mapChildren(_ change: (Expression) -> Expression) -> Expression {
        let kind: Kind = switch self.kind {
        case .number, .boolean, .word, .variable, .invalid: self.kind
        case .string(let parts):
            .string(parts.map { part in
                if case .interpolation(let value, let format) = part { .interpolation(change(value), format) } else { part }
            })
        case .list(let elements): .list(elements.map(change))
        case .tuple(let elements): .tuple(elements.map(change))
        case .range(let from, let through, let step): .range(from: change(from), through: change(through), step: step.map(change))
        case .unary(let operation, let operand): .unary(operation, change(operand))
        case .binary(let operation, let left, let right): .binary(operation, change(left), change(right))
        case .call(let function, let arguments): .call(function: function, arguments: arguments.map(change))
        }
        return Expression(kind, span: span)
    }
}

extension Value {
    /// The expression that a script would give it by; nil for records and what is not known.
    func expression(at span: SourceSpan) -> Expression? {
        func number(_ value: Double, integer: Int?) -> Expression {
            let size = Expression(.number(NumberLiteral(value: abs(value), integer: integer.map { Int($0.magnitude) })), span: span)
            return value < 0 ? Expression(.unary(.negate, size), span: span) : size
        }
        switch self {
        case .integer(let value): return value == .min ? nil : number(Double(value), integer: value)
        case .number(let value): return value.isFinite ? number(value, integer: nil) : nil
        case .boolean(let value): return Expression(.boolean(value), span: span)
        case .word(let word): return Expression(.word(word), span: span)
        case .text(let text): return Expression(.string(text.isEmpty ? [] : [.text(text)]), span: span)
        case .list(let list):
            let elements = list.elements.compactMap { $0.expression(at: span) }
            return elements.count == list.elements.count ? Expression(.list(elements), span: span) : nil
        case .quantity, .range:
            let (expression, diagnostics) = Parser.parseValue(Array(literal.utf8), file: span.file)
            return diagnostics.isEmpty ? expression : nil
        case .record, .unknown: return nil
        }
    }
}
