import CommandSchema

extension Completer {
    /// What may follow at the end of a line, to be shown dimmed behind the cursor: `gru|mean|none [alpha=0.5] …` after
    /// `proxies `, `a number from 0 to 1` after `alpha=`. Nil inside words and strings, and where nothing more is known.
    public func hint(_ line: String, scope: Scope) -> String? {
        let statement = UnfinishedStatement(Array(line.utf8))
        guard !statement.isComment, !statement.isInString, statement.unfinished.isEmpty, let head = statement.words.first else { return nil }
        if let definition = scope.definitions[head] {
            let given = statement.words.dropFirst()
            let names = given.compactMap(UnfinishedStatement.optionName)
            let open = definition.parameters.map(\.name.text).filter { !names.contains($0) }.dropFirst(given.count - names.count)
            return open.isEmpty ? nil : open.joined(separator: " ")
        }
        guard let command = commands.first(where: { $0.name == head }) else { return nil }
        let words = statement.words.dropFirst()
        let variant = words.first { word in command.variants.contains { $0.word == word } }
        if let name = statement.option {
            return command.option(named: name).map(OptionText.kind)
        }
        let given = Set(words.map { UnfinishedStatement.optionName($0) ?? $0 })
        let positionals = words.filter { word in
            UnfinishedStatement.optionName(word) == nil && !command.options.contains { $0.name == word && $0.kind == .flag }
        }
        var parts = command.positionals.dropFirst(positionals.count).map(Synopsis.positional)
        if variant != nil || command.variants.isEmpty || positionals.count >= command.positionals.count {
            parts += command.options.filter { $0.belongs(to: variant) && !given.contains($0.name) }.map { Synopsis.option($0, variant: variant) }
        }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }
}

extension Synopsis {
    /// `[alpha=0.5]`, with the value that holds where nothing is said.
    fileprivate static func option(_ option: OptionDeclaration, variant: String?) -> String {
        if option.kind == .flag { return "[\(option.name)]" }
        let text = "\(option.name)=\(option.defaultValue.text(for: variant) ?? "…")"
        return option.defaultValue == .required ? text : "[\(text)]"
    }
}
