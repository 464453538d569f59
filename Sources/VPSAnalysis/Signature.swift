import CommandCatalog
public import CommandSchema
import VPSSyntax

/// How the command or function at the cursor is written, and which part of it is being written.
public struct Signature: Hashable, Sendable {
    /// `proxies gru [alpha=ALPHA] [layers=LAYERS]`.
    public var label: String
    public var summary: String
    /// Parts of the label, in order.
    public var parameters: [Parameter]
    /// Index into the parameters.
    public var active: Int?

    public struct Parameter: Hashable, Sendable {
        public var text: String
        public var summary: String
    }

    /// - Parameters:
    ///   - text: up to the cursor.
    ///   - scope: the names that hold there.
    /// - Returns: nil where no known command or function is being written.
    public static func at(endOf text: String, scope: Scope, commands: [CommandDeclaration] = Catalog.commands) -> Signature? {
        let statement = UnfinishedStatement(Array(text.utf8))
        guard !statement.isComment, let head = statement.words.first else { return nil }
        if !statement.isInString, let function = function(in: text) { return function }
        if let command = commands.first(where: { $0.name == head }) { return of(command, statement) }
        return scope.definitions[head].map { of($0, statement) }
    }

    /// The function whose parenthesis is the innermost open one.
    private static func function(in text: String) -> Signature? {
        let line = text.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
        var depth = 0
        var commas = 0
        var rest = line[...]
        while let last = rest.popLast() {
            switch last {
            case ")", "]": depth += 1
            case ",": commas += depth == 0 ? 1 : 0
            case "[" where depth > 0, "(" where depth > 0: depth -= 1
            case "[": commas = 0
            case "(":
                let name = String(rest.reversed().prefix { $0.isLetter }.reversed())
                guard let function = BuiltinFunction.all.first(where: { $0.name == name }) else { return nil }
                let inside = function.synopsis.split(separator: "(").last?.split(separator: ")").first ?? ""
                let parameters = inside.split(separator: ",").map { $0.drop { $0 == " " } }
                return Signature(
                    label: function.synopsis, summary: function.summary,
                    parameters: parameters.map { Parameter(text: String($0), summary: "") },
                    active: parameters.isEmpty ? nil : min(commas, parameters.count - 1))
            default: break
            }
        }
        return nil
    }

    private static func of(_ command: CommandDeclaration, _ statement: UnfinishedStatement) -> Signature {
        let words = statement.words.dropFirst()
        let variant = words.first { word in command.variants.contains { $0.word == word } }
        let lines = Synopsis.lines(of: command)
        let label = lines.first { line in variant.map { line.hasPrefix("\(command.name) \($0)") } ?? false } ?? lines.first ?? command.name
        let options = command.options.filter { $0.belongs(to: variant) }
        let parts = label.split(separator: " ").map(String.init)
        var parameters: [Parameter] = []
        var active: Int?
        for option in options {
            let part = parts.first { part in
                let bare = part.hasPrefix("[") ? part.dropFirst() : part[...]
                return bare.hasPrefix("\(option.name)=") || bare == "\(option.name)]" || bare == option.name
            }
            guard let part else { continue }
            if statement.option == option.name { active = parameters.count }
            parameters.append(Parameter(text: part, summary: option.summary))
        }
        return Signature(label: label, summary: command.summary, parameters: parameters, active: active)
    }

    private static func of(_ definition: DefStatement, _ statement: UnfinishedStatement) -> Signature {
        let parameters = definition.parameters.map { parameter in
            parameter.name.text + (parameter.defaultValue.map { "=" + Printer.print($0) } ?? "")
        }
        let positionals = statement.words.dropFirst().filter { UnfinishedStatement.optionName($0) == nil }.count
        let active = statement.option.flatMap { name in definition.parameters.firstIndex { $0.name.text == name } }
        return Signature(
            label: ([definition.name.text] + parameters).joined(separator: " "), summary: "",
            parameters: parameters.map { Parameter(text: $0, summary: "") },
            active: active ?? (positionals < parameters.count ? positionals : nil))
    }
}
