import CommandCatalog
import CommandSchema
import Testing
import VPSAnalysis
import VPSSyntax

/// What the declarations promise about themselves.
@Suite struct CatalogValueTests {
    /// A command line that gives the option the value, and nothing else that is not needed.
    private func line(_ command: CommandDeclaration, _ option: OptionDeclaration, _ value: String, variant: String? = nil) -> String {
        var parts = [command.name]
        let isPositional = command.positionals.contains { $0.name == option.name }
        for positional in command.positionals where positional.defaultValue == .required || positional.name == option.name {
            let variant = (variant ?? option.variants.first).flatMap { name in command.variants.contains { $0.word == name } ? name : nil }
            parts.append(positional.name == option.name ? value : variant ?? positional.good)
        }
        if !isPositional { parts.append("\(option.name)=\(value)") }
        return parts.joined(separator: " ")
    }

    private let judged: Set<String> = ["VPS202", "VPS203", "VPS204", "VPS206", "VPS207", "VPS208", "VPS210", "VPS217"]

    @Test(arguments: Catalog.commands)
    func goodValuesAreAccepted(_ command: CommandDeclaration) {
        for option in command.positionals + command.options {
            let line = line(command, option, option.good)
            #expect(codes(line).filter(judged.contains) == [], "\(line)")
        }
    }

    @Test(arguments: Catalog.commands)
    func badValuesAreRefusedAtTheirPlace(_ command: CommandDeclaration) {
        for option in command.positionals + command.options {
            let line = line(command, option, option.bad)
            let checked = check(line)
            let found = checked.diagnostics.filter { judged.contains($0.code) }
            #expect(found.count == 1, "\(line)")
            guard let span = found.first?.span else { continue }
            // Positionals that follow are good ones.
            let following = command.positionals.drop { $0.name != option.name }.dropFirst().filter { $0.defaultValue == .required }
            let upper = line.utf8.count - following.reduce(0) { $0 + 1 + $1.good.utf8.count }
            #expect(span.lower >= upper - option.bad.utf8.count && span.upper <= upper, "\(line)")
        }
    }

    @Test(arguments: Catalog.commands)
    func defaultsAreValid(_ command: CommandDeclaration) {
        for option in command.positionals + command.options {
            let variants: [String?] = option.variants.isEmpty ? [nil] + command.variants.map(\.word) : option.variants
            for variant in variants {
                guard let text = option.defaultValue.text(for: variant) else { continue }
                #expect(codes(line(command, option, text, variant: variant)).filter(judged.contains) == [], "\(command.name) \(option.name)=\(text)")
            }
        }
    }

    @Test(arguments: Catalog.commands)
    func examplesAreClean(_ command: CommandDeclaration) {
        #expect(!command.examples.isEmpty)
        for example in command.examples { expectClean(example) }
    }

    @Test(arguments: Catalog.languageTopics)
    func examplesOfTheLanguageAreClean(_ topic: LanguageTopic) {
        for example in topic.examples { expectClean(example) }
    }

    private func expectClean(_ example: CommandExample) {
        var files = MemoryFiles()
        for file in example.files {
            switch file.content {
            case .imageFolder, .splitImageFolder, .benchmark: files.folders.insert(file.path)
            default: files.texts[file.path] = ""
            }
        }
        #expect(messages(example.script, files: files) == "", "\(example.script)")
    }

    @Test func everyKnownWordHasHelp() {
        for command in Catalog.commands {
            #expect(HelpText.topic(command.name).hasPrefix("\(command.name): "))
            for option in command.positionals + command.options {
                #expect(HelpText.topic("\(command.name).\(option.name)").hasPrefix("\(command.name).\(option.name): "))
            }
        }
        for word in Parser.statementWords where word != "else" {
            #expect(HelpText.topic(word).hasPrefix("\(word): "))
        }
    }
}
