import CommandCatalog
import CommandSchema
import Testing

@Suite struct CatalogTests {
    @Test func namesAreUnique() {
        let names = Catalog.commands.map(\.name) + Catalog.languageTopics.map(\.name) + BuiltinFunction.all.map(\.name)
        #expect(Set(names).count == names.count)
        for command in Catalog.commands {
            let names = (command.positionals + command.options).map(\.name)
            #expect(Set(names).count == names.count, "\(command.name)")
        }
    }

    @Test(arguments: Catalog.commands)
    func referencesInsideADeclarationHold(_ command: CommandDeclaration) {
        let names = Set((command.positionals + command.options).map(\.name))
        let variants = Set(command.variants.map(\.word))
        for option in command.options {
            #expect(Set(option.variants).isSubset(of: variants), "\(command.name) \(option.name)")
            for choice in option.kind.choices { #expect(Set(choice.variants).isSubset(of: variants)) }
            if case .byVariant(let texts) = option.defaultValue {
                #expect(Set(texts.keys) == (option.variants.isEmpty ? variants : Set(option.variants)))
            }
        }
        for constraint in command.constraints {
            let used: [String] = switch constraint {
            case .divides(let divisor, let dividend, _): [divisor, dividend]
            case .exclusive(let options), .paired(let options): options
            case .alone(let flag): [flag]
            case .together(let options, let other, _): options + [other]
            case .belong(let options, let other, _): options + [other]
            case .onlyWith(let options, let other): options + [other]
            case .notAbove(let smaller, let larger): [smaller, larger]
            case .atMost(let option, _): [option]
            case .quotientAtMost(let dividend, let divisor, _): [dividend, divisor]
            case .ending(let option, _, _): [option]
            case .never(let conditions, _, _): conditions.compactMap(\.option)
            }
            #expect(Set(used).isSubset(of: names), "\(command.name)")
        }
        for field in command.result {
            switch field.presence {
            case .always, .sometimes: break
            case .each(let option), .when(let option), .possible(let option): #expect(names.contains(option))
            case .eachWhen(let list, let option): #expect(names.contains(list) && names.contains(option))
            }
        }
        for source in command.properties {
            if let variant = source.variant { #expect(variants.contains(variant)) }
        }
    }

    @Test(arguments: Catalog.commands)
    func summariesAreOneLineWithoutAFullStop(_ command: CommandDeclaration) {
        let summaries = [command.summary] + (command.positionals + command.options).flatMap { option in
            [option.summary] + option.kind.choices.map(\.summary)
        } + command.result.map(\.summary) + command.examples.map(\.summary)
        for summary in summaries {
            #expect(!summary.isEmpty && !summary.hasSuffix(".") && !summary.contains("\n"), "\(command.name): \(summary)")
        }
    }
}
