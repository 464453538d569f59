import CommandSchema

/// How help and reference write what an option takes.
enum OptionText {
    /// `a number from 0 to 1, in px`.
    static func kind(of option: OptionDeclaration) -> String {
        var text = option.kind.description
        if let range = option.range { text += " \(range.description)" }
        if let elements = option.elements {
            text += ", \(elements.description)"
            if elements.increasing { text += ", increasing" }
        }
        return option.unit.isEmpty ? text : "\(text), in \(option.unit)"
    }

    static func defaultValue(of option: OptionDeclaration) -> String {
        switch option.defaultValue {
        case .value(let text): option.kind == .flag ? "off" : text
        case .byVariant(let texts):
            texts.sorted { $0.key < $1.key }.map { "\($0.value) for \($0.key)" }.joined(separator: ", ")
        case .derived(let text), .absent(let text): text
        case .required: "none, must be given"
        }
    }
}

/// How a command is written, one line a variant.
enum Synopsis {
    static func lines(of command: CommandDeclaration) -> [String] {
        let variants = command.variants.map(\.word)
        let hasOwnOptions = command.options.contains { !$0.variants.isEmpty }
        guard hasOwnOptions, !variants.isEmpty else {
            return [line(of: command, words: command.positionals.map(positional), variant: nil)]
        }
        return variants.map { line(of: command, words: [$0], variant: $0) }
    }

    private static func line(of command: CommandDeclaration, words: [String], variant: String?) -> String {
        let options = command.options.filter { $0.belongs(to: variant) }.map { option -> String in
            let text = option.kind == .flag ? option.name : "\(option.name)=\(placeholder(of: option))"
            return option.defaultValue == .required ? text : "[\(text)]"
        }
        let result = command.result.isEmpty ? [] : ["[-> name]"]
        return ([command.name] + words + options + (command.takesBlock ? ["{ … }"] : []) + result).joined(separator: " ")
    }

    static func positional(_ option: OptionDeclaration) -> String {
        let text = option.repeats ? "\(option.name.uppercased()) …" : placeholder(of: option)
        return option.defaultValue == .required ? text : "[\(text)]"
    }

    private static func placeholder(of option: OptionDeclaration) -> String {
        let choices = option.kind.choices.map(\.word)
        var parts = choices.count > 8 ? [option.name.uppercased()] : choices
        if option.kind.path != nil { parts.append("\"PATH\"") }
        switch option.kind {
        case .integer, .number, .size, .duration, .text: parts.append(option.name.uppercased())
        case .list: parts.append("[…]")
        case .interval: parts.append("A..B")
        case .either(let kinds) where kinds.contains(.integer) || kinds.contains(.number): parts.append(option.name.uppercased())
        default: break
        }
        return parts.joined(separator: "|")
    }
}

extension String {
    /// Pieces between empty lines.
    var paragraphs: [String] {
        var result: [String] = [""]
        for line in split(separator: "\n", omittingEmptySubsequences: false) {
            if line.isEmpty {
                if result.last != "" { result.append("") }
            } else {
                let last = result.removeLast()
                result.append(last.isEmpty ? String(line) : "\(last)\n\(line)")
            }
        }
        return result.filter { !$0.isEmpty }
    }
}
