import CommandCatalog
public import CommandSchema
import Diagnostics
import VPSSyntax

/// Completion of commands, options, words, variables, fields, topics and paths.
public struct Completer: Sendable {
    let commands: [CommandDeclaration]
    private let files: any FileAccess

    public init(files: any FileAccess, commands: [CommandDeclaration] = Catalog.commands) {
        self.files = files
        self.commands = commands
    }

    /// - Parameters:
    ///   - line: what has been typed, earlier lines of an unfinished statement included.
    ///   - cursor: UTF-8 offset; inside a character it counts as before it.
    ///   - scope: the names of the session.
    public func complete(_ line: String, cursor: Int, scope: Scope) -> CompletionList {
        let text = Array(line.utf8)
        var end = min(max(0, cursor), text.count)
        while end < text.count, text[end] & 0xC0 == 0x80 { end -= 1 }
        let bytes = Array(text[..<end])
        let statement = UnfinishedStatement(bytes)
        let completions = candidates(statement, scope).filter { $0.text.hasPrefix(statement.unfinished) }
        return CompletionList(replaces: (bytes.count - statement.unfinished.utf8.count)..<bytes.count, completions: completions)
    }

    private func candidates(_ statement: UnfinishedStatement, _ scope: Scope) -> [Completion] {
        if statement.isComment { return [] }
        if statement.unfinished.hasPrefix("$") { return variables(statement.unfinished, scope) }
        guard let head = statement.words.first else { return statement.isInString ? [] : starts(scope) }
        if let command = commands.first(where: { $0.name == head }) { return arguments(of: command, statement, scope) }
        if let definition = scope.definitions[head], !statement.isInString {
            let given = statement.words.compactMap(UnfinishedStatement.optionName)
            return definition.parameters.map(\.name.text).filter { !given.contains($0) }.map {
                Completion("\($0)=", .option, "parameter of \(head)")
            }
        }
        if Parser.statementWords.contains(head), !statement.isInString {
            return BuiltinFunction.all.map { Completion("\($0.name)(", .function, $0.summary) }
        }
        return head == "include" && statement.isInString ? paths(statement, role: .file, suffixes: [".vps"]) : []
    }

    private func starts(_ scope: Scope) -> [Completion] {
        commands.map { Completion($0.name, .command, $0.summary) }
            + scope.definitions.keys.sorted().map { Completion($0, .command, "defined in this session") }
            + Parser.statementWords.map { Completion($0, .statement, Catalog.languageTopic(named: $0)?.summary ?? "") }
    }

    // MARK: Variables

    private func variables(_ word: String, _ scope: Scope) -> [Completion] {
        let parts = word.dropFirst().split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 1, let first = parts.first, var value = scope[first] else {
            let last = scope[Scope.lastResult] == nil ? [] : [Scope.lastResult]
            return (scope.names + last).map { Completion("$\($0)", .variable, scope[$0].map(Self.glance) ?? "") }
        }
        for field in parts.dropFirst().dropLast() {
            guard case .record(let record) = value, let next = record[field] else { return [] }
            value = next
        }
        guard case .record(let record) = value else { return [] }
        let path = parts.dropLast().joined(separator: ".")
        return record.fields.map { Completion("$\(path).\($0.name)", .field, Self.glance($0.value)) }
    }

    private static func glance(_ value: Value) -> String {
        value.weight > 20 ? value.type.description : String(value.literal.prefix(60))
    }

    // MARK: Arguments

    private func arguments(of command: CommandDeclaration, _ statement: UnfinishedStatement, _ scope: Scope) -> [Completion] {
        let words = statement.words.dropFirst()
        let variant = words.first { word in command.variants.contains { $0.word == word } }
        if let name = statement.option {
            guard let option = command.options.first(where: { $0.name == name }) else { return [] }
            return values(of: option, variant, statement)
        }
        let positionalsGiven = words.filter { word in
            UnfinishedStatement.optionName(word) == nil && !command.options.contains { $0.name == word && $0.kind == .flag }
        }.count
        var found: [Completion] = []
        let isFurther = command.positionals.last?.repeats ?? false
        if positionalsGiven < command.positionals.count || isFurther {
            let positional = command.positionals[min(positionalsGiven, command.positionals.count - 1)]
            found = command.name == "help" ? topics(statement) : values(of: positional, variant, statement)
            if positional.defaultValue == .required, !positional.kind.choices.isEmpty { return found }
        }
        guard !statement.isInString else { return found }
        let given = Set(words.map { UnfinishedStatement.optionName($0) ?? $0 })
        for option in command.options where option.belongs(to: variant) && !given.contains(option.name) {
            found.append(
                option.kind == .flag ? Completion(option.name, .flag, option.summary)
                    : Completion("\(option.name)=", .option, option.summary))
        }
        return found
    }

    private func values(of option: OptionDeclaration, _ variant: String?, _ statement: UnfinishedStatement) -> [Completion] {
        if let use = option.kind.path, statement.isInString { return paths(statement, role: use.role, suffixes: use.suffixes) }
        guard !statement.isInString else { return [] }
        var found = option.kind.choices
            .filter { $0.variants.isEmpty || variant == nil || $0.variants.contains(variant ?? "") }
            .map { Completion($0.word, .word, $0.summary) }
        if option.kind == .flag { found = ["true", "false"].map { Completion($0, .word, "") } }
        if option.kind.path != nil, statement.unfinished.isEmpty { found.append(Completion("\"", .path, option.summary)) }
        return found
    }

    private func topics(_ statement: UnfinishedStatement) -> [Completion] {
        let parts = statement.unfinished.split(separator: ".", omittingEmptySubsequences: false)
        if parts.count == 2, let command = commands.first(where: { $0.name == parts[0] }) {
            return (command.positionals + command.options).map { Completion("\(command.name).\($0.name)", .topic, $0.summary) }
        }
        return HelpText.topics(commands: commands).map { Completion($0, .topic, "") }
    }

    // MARK: Paths

    /// Names in the folder that has been typed so far.
    private func paths(_ statement: UnfinishedStatement, role: PathUse.Role, suffixes: [String]) -> [Completion] {
        let folder = PathText.folder(of: statement.unfinished)
        let typed = PathText.name(of: statement.unfinished)
        let prefix = statement.unfinished.dropLast(typed.count)
        let place = PathText.expanded(folder)
        return files.names(in: place).compactMap { name in
            guard typed.hasPrefix(".") || !name.hasPrefix(".") else { return nil }
            if files.kind(of: place.isEmpty ? name : PathText.resolved(name, in: place)) == .folder {
                return Completion("\(prefix)\(name)/", .path, "folder")
            }
            let lowercased = name.lowercased()
            guard role != .folder, suffixes.isEmpty || suffixes.contains(where: { lowercased.hasSuffix($0) }) else { return nil }
            return Completion("\(prefix)\(name)", .path, "")
        }
    }
}
