import CommandCatalog
public import CommandSchema
import Diagnostics
import VPSSyntax

/// What `help` prints, all of it from the catalog.
public enum HelpText {
    /// The list of topics.
    public static func overview(commands: [CommandDeclaration] = Catalog.commands) -> String {
        var lines: [String] = []
        for topic in CommandTopic.allCases {
            let members = commands.filter { $0.topic == topic }
            guard !members.isEmpty else { continue }
            lines.append("\(topic.title)")
            lines += table(members.map { ($0.name, $0.summary) })
            lines.append("")
        }
        lines.append("The language")
        lines += table(Catalog.languageTopics.map { ($0.name, $0.summary) })
        lines += ["", "help NAME explains one of them, help proxies.alpha an option; help search WORDS finds."]
        return joined(lines)
    }

    /// What `help` and these words ask for: `proxies`, `proxies alpha`, `search learning rate`, the list of topics without any.
    /// Words that name nothing together are searched.
    public static func answer(to words: [String], commands: [CommandDeclaration] = Catalog.commands) -> String {
        guard let first = words.first else { return overview(commands: commands) }
        if words == ["search"] { return topic(first, commands: commands) + "\n`help search WORDS` finds topics.\n" }
        if words.count == 1 { return topic(first, commands: commands) }
        // Alone, `search` is a command of the language.
        if first == "search" { return HelpSearch.text(Array(words.dropFirst()), commands: commands) }
        let path = words.joined(separator: ".")
        if words.count == 2, hasTopic(path, commands: commands) || commands.contains(where: { $0.name == first }) { return topic(path, commands: commands) }
        return HelpSearch.text(words, commands: commands)
    }

    /// - Parameter name: of a command (`proxies`), an option (`proxies.alpha`), a statement or notion of the language, a function.
    /// - Returns: the explanation, or for an unknown name a line that says so with the nearest one.
    public static func topic(_ name: String, commands: [CommandDeclaration] = Catalog.commands) -> String {
        if let command = commands.first(where: { $0.name == name }) { return text(of: command) }
        if let topic = Catalog.languageTopic(named: name) { return text(of: topic) }
        if let function = BuiltinFunction.all.first(where: { $0.name == name }) {
            return joined([function.synopsis, "    \(function.summary)"])
        }
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        if parts.count == 2, let command = commands.first(where: { $0.name == parts[0] }) {
            if let option = command.option(named: parts[1]) { return text(of: option, in: command) }
            let names = (command.positionals + command.options).map(\.name)
            let guess = closestMatch(to: parts[1], among: names).map { "; did you mean `\(command.name).\($0)`?" } ?? ""
            return "`\(command.name)` has no `\(parts[1])`\(guess)\nIt has \(names.joined(separator: ", ")).\n"
        }
        if let found = wordTopic(name, commands) { return found }
        let guess = closestMatch(to: name, among: topics(commands: commands))
        let unknown = "there is no help on `\(name)`"
        if let guess { return "\(unknown); did you mean `\(guess)`?\n`help` lists the topics.\n" }
        guard let found = HelpSearch.matches([name.lowercased()], commands: commands) else { return "\(unknown)\n`help` lists the topics.\n" }
        return "\(unknown) itself; it is found in:\n\(found)"
    }

    /// Whether ``topic(_:commands:)`` knows more of a name than that it is unknown.
    public static func hasTopic(_ name: String, commands: [CommandDeclaration] = Catalog.commands) -> Bool {
        if topics(commands: commands).contains(name) || wordTopic(name, commands) != nil { return true }
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        return parts.count == 2 && commands.first { $0.name == parts[0] }?.option(named: parts[1]) != nil
    }

    /// Every name that ``topic(_:commands:)`` explains, without options.
    public static func topics(commands: [CommandDeclaration] = Catalog.commands) -> [String] {
        commands.map(\.name) + Catalog.languageTopics.map(\.name) + BuiltinFunction.all.map(\.name)
    }

    /// An option's name, or a word that commands take, by itself: where it belongs.
    private static func wordTopic(_ name: String, _ commands: [CommandDeclaration]) -> String? {
        var lines: [(String, String)] = []
        for command in commands {
            for option in command.positionals + command.options {
                let path = "\(command.name).\(option.name)"
                if option.name == name { lines.append((path, option.summary)) }
                for choice in option.kind.choices where choice.word == name {
                    let isVariant = command.positionals.contains { $0.name == option.name }
                    lines.append((isVariant ? "\(command.name) \(name)" : "\(command.name) \(option.name)=\(name)", choice.summary))
                }
            }
        }
        return lines.isEmpty ? nil : joined(table(lines).map { String($0.dropFirst(4)) })
    }

    // MARK: Pages

    private static func text(of command: CommandDeclaration) -> String {
        var lines = ["\(command.name): \(lowercasedFirst(command.summary))", ""]
        lines += Synopsis.lines(of: command).map { "    \($0)" }
        if !command.discussion.isEmpty {
            for paragraph in command.discussion.paragraphs { lines += [""] + wrapped(paragraph) }
        }
        for positional in command.positionals where !positional.kind.choices.isEmpty {
            lines += [""] + table(positional.kind.choices.map { ($0.word, $0.summary) })
        }
        if !command.options.isEmpty {
            lines += ["", "Options"] + table(command.options.map { ($0.name, optionLine($0)) })
        }
        let needs = command.needs.map { need in
            need.fact.description + need.exception
        }
        if !needs.isEmpty { lines += ["", "Needs \(alternatives(needs, conjunction: "and"))."] }
        if !command.result.isEmpty {
            lines += ["", "Returns"] + table(command.result.map { ($0.displayName, $0.summary) })
        }
        for example in command.examples {
            lines += ["", "\(example.summary):"] + example.script.split(separator: "\n").map { "    \($0)" }
        }
        return joined(lines)
    }

    private static func text(of option: OptionDeclaration, in command: CommandDeclaration) -> String {
        var lines = [
            "\(command.name).\(option.name): \(lowercasedFirst(option.summary))", "",
            "    \(OptionText.kind(of: option))",
            "    default: \(OptionText.defaultValue(of: option))",
        ]
        if !option.variants.isEmpty {
            lines.append("    only with \(alternatives(option.variants.map { "`\(command.name) \($0)`" }))")
        }
        if !option.kind.choices.isEmpty { lines += [""] + table(option.kind.choices.map { ($0.word, $0.summary) }) }
        let isPositional = command.positionals.contains { $0.name == option.name }
        let written = isPositional ? option.good : option.kind == .flag ? option.name : "\(option.name)=\(option.good)"
        let variant = option.variants.first.map { " \($0)" } ?? ""
        lines += ["", "Example: \(command.name)\(variant) \(written)"]
        return joined(lines)
    }

    private static func text(of topic: LanguageTopic) -> String {
        var lines = ["\(topic.name): \(lowercasedFirst(topic.summary))", ""] + topic.synopsis.map { "    \($0)" }
        for paragraph in topic.discussion.paragraphs { lines += [""] + wrapped(paragraph) }
        for example in topic.examples {
            lines += ["", "\(example.summary):"] + example.script.split(separator: "\n").map { "    \($0)" }
        }
        return joined(lines)
    }

    private static func optionLine(_ option: OptionDeclaration) -> String {
        let place = option.variants.isEmpty ? "" : " [\(option.variants.joined(separator: ", "))]"
        guard option.kind != .flag else { return option.summary + place }
        return "\(option.summary)\(place); default \(OptionText.defaultValue(of: option))"
    }

    // MARK: Layout

    private static func lowercasedFirst(_ text: String) -> String { (text.first?.lowercased() ?? "") + text.dropFirst() }

    private static func table(_ rows: [(String, String)]) -> [String] {
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { name, summary in
            "    \(name)\(String(repeating: " ", count: width - name.count))  \(summary)"
        }
    }

    /// Lines of at most 80 columns.
    private static func wrapped(_ paragraph: String) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in paragraph.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
            if !line.isEmpty, line.count + word.count >= 80 {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return line.isEmpty ? lines : lines + [line]
    }

    private static func joined(_ lines: [String]) -> String { lines.joined(separator: "\n") + "\n" }
}
