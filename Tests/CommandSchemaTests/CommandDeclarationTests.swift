import CommandSchema
import Foundation
import Testing

@Suite struct CommandDeclarationTests {
    @Test func ranges() {
        #expect(NumberRange.within(0.0...1).contains(1) && !NumberRange.within(0.0..<1.0).contains(1))
        #expect(!NumberRange.above(0).contains(0) && NumberRange.atLeast(0).contains(0))
        #expect(!NumberRange.atLeast(0).contains(.nan) && !NumberRange.atLeast(0).contains(.infinity))
        #expect(NumberRange.within(0.0..<1.0).description == "from 0 to below 1")
        #expect(NumberRange.above(0).description == "above 0")
        #expect(NumberRange(0, 1, excludesLower: true).description == "above 0 to 1")
    }

    @Test func kindsInWords() {
        let words = ValueKind.word([WordChoice("a", ""), WordChoice("b", ""), WordChoice("c", "")])
        #expect(words.description == "a, b or c")
        #expect(ValueKind.list(of: .integer).description == "a list of whole numbers")
        #expect(ValueKind.either([words, .integer]).choices.map(\.word) == ["a", "b", "c"])
        #expect(ElementCount.exactly(2).description == "2 elements" && ElementCount(1).description == "1 element or more")
    }

    @Test func optionsBelongToVariants() {
        let option = OptionDeclaration("n", .integer, default: .byVariant(["a": "1"]), variants: ["a"], "N", good: "1", bad: "x")
        #expect(option.belongs(to: "a") && !option.belongs(to: "b") && option.belongs(to: nil))
        #expect(option.defaultValue.text(for: "a") == "1" && option.defaultValue.text(for: "b") == nil)
    }

    @Test func declarationsSurviveCoding() throws {
        let declaration = CommandDeclaration(
            name: "work", topic: .session, summary: "Work",
            options: [OptionDeclaration("k", .list(of: .number), range: .above(0), default: .required, "K", good: "[1]", bad: "[0]")],
            constraints: [.divides(divisor: "a", dividend: "b", variants: [])], properties: [.unknown(.modelDepth)],
            result: [FieldDeclaration("x@", .number, presence: .each(option: "k"), "X")], examples: [CommandExample("It", "work\n")])
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let data = try encoder.encode(declaration)
        let decoded = try JSONDecoder().decode(CommandDeclaration.self, from: data)
        #expect(try encoder.encode(decoded) == data)
        #expect(decoded.options.map(\.kind) == [.list(of: .number)] && decoded.constraints == declaration.constraints && decoded.examples == declaration.examples)
    }
}
