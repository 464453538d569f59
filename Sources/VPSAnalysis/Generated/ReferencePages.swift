import CommandCatalog
import CommandSchema

/// The reference in Docs/, written from the catalog.
enum ReferencePages {
    static let folder = "Docs/reference"

    private static let mark = "<!-- Written by generate-vptsp from the catalog. Change the declaration, not this page. -->\n"

    /// Every page, the index first.
    static func all() -> [GeneratedFile] {
        [index()] + Catalog.commands.map(page) + Catalog.languageTopics.map(page)
    }

    private static func index() -> GeneratedFile {
        var lines = [mark, "# Reference", ""]
        for topic in CommandTopic.allCases {
            lines += ["## \(topic.title)", "", "| command | |", "| --- | --- |"]
            lines += Catalog.commands.filter { $0.topic == topic }.map { "| [`\($0.name)`](\($0.name).md) | \(cell($0.summary)) |" }
            lines.append("")
        }
        lines += ["## The language", "", "| | |", "| --- | --- |"]
        lines += Catalog.languageTopics.map { "| [\($0.name)](language-\($0.name).md) | \(cell($0.summary)) |" }
        return GeneratedFile(path: "\(folder)/README.md", text: joined(lines))
    }

    private static func page(of command: CommandDeclaration) -> GeneratedFile {
        var lines = [mark, "# \(command.name)", "", "\(command.summary).", "", "```"]
        lines += Synopsis.lines(of: command) + ["```"]
        for paragraph in command.discussion.paragraphs { lines += ["", paragraph] }
        for positional in command.positionals where !positional.kind.choices.isEmpty {
            lines += ["", "| \(positional.name) | |", "| --- | --- |"]
            lines += positional.kind.choices.map { "| `\($0.word)` | \(cell($0.summary)) |" }
        }
        let values = command.positionals.filter { $0.kind.choices.isEmpty } + command.options
        if !values.isEmpty {
            let hasVariants = values.contains { !$0.variants.isEmpty }
            lines += ["", "| option | value | default |\(hasVariants ? " only with |" : "") meaning |"]
            lines.append("| --- | --- | --- |\(hasVariants ? " --- |" : "") --- |")
            for option in values {
                let variants = hasVariants ? " \(option.variants.map { "`\($0)`" }.joined(separator: " ")) |" : ""
                lines.append(
                    "| `\(option.name)` | \(cell(OptionText.kind(of: option))) | \(cell(OptionText.defaultValue(of: option))) |\(variants) \(cell(option.summary)) |")
            }
        }
        for option in command.options where !option.kind.choices.isEmpty {
            lines += ["", "`\(option.name)`: " + option.kind.choices.map { "`\($0.word)` \($0.summary)" }.joined(separator: "; ") + "."]
        }
        lines += state(of: command)
        if !command.result.isEmpty {
            lines += ["", "## Returns", "", "| field | unit | meaning |", "| --- | --- | --- |"]
            for field in command.result {
                let condition = field.condition.map { " (with `\($0)`)" } ?? ""
                lines.append("| `\(field.displayName)` | \(field.unit) | \(cell(field.summary))\(condition) |")
            }
        }
        lines += examples(command.examples)
        return GeneratedFile(path: "\(folder)/\(command.name).md", text: joined(lines))
    }

    private static func state(of command: CommandDeclaration) -> [String] {
        var lines: [String] = []
        if !command.needs.isEmpty {
            let needs = command.needs.map { need in
                need.fact.description + need.exception
            }
            lines += ["", "Needs \(alternatives(needs, conjunction: "and"))."]
        }
        if !command.gives.isEmpty {
            lines += ["", "Gives \(alternatives(command.gives.sorted().map(\.description), conjunction: "and"))."]
        }
        return lines
    }

    private static func page(of topic: LanguageTopic) -> GeneratedFile {
        var lines = [mark, "# \(topic.name)", "", "\(topic.summary).", "", "```"] + topic.synopsis + ["```"]
        for paragraph in topic.discussion.paragraphs { lines += ["", paragraph] }
        lines += examples(topic.examples)
        return GeneratedFile(path: "\(folder)/language-\(topic.name).md", text: joined(lines))
    }

    private static func examples(_ examples: [CommandExample]) -> [String] {
        guard !examples.isEmpty else { return [] }
        var lines = ["", examples.count == 1 ? "## Example" : "## Examples"]
        for example in examples {
            lines += ["", "\(example.summary):", "```", example.script.hasSuffix("\n") ? String(example.script.dropLast()) : example.script, "```"]
        }
        return lines
    }

    private static func cell(_ text: String) -> String {
        text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }

    private static func joined(_ lines: [String]) -> String { lines.joined(separator: "\n") + "\n" }
}
