import CommandCatalog
import CommandSchema
import Diagnostics
import Testing
import VPSAnalysis
import VPSSyntax

@Suite struct ArgumentBinderTests {
    private func bind(_ text: String) throws -> (arguments: BoundArguments, diagnostics: [Diagnostic]) {
        guard case .command(let command)? = Parser.parse(Array(text.utf8), file: 0).script.statements.first?.kind else {
            throw Diagnostic(code: "test", "no command", at: nil)
        }
        let declaration = try #require(Catalog.command(named: command.name.text))
        let binder = ArgumentBinder(command, to: declaration, scope: Scope())
        return (binder.arguments, binder.diagnostics)
    }

    @Test func typedAccess() throws {
        let (arguments, diagnostics) = try bind("optim adamw lr=1e-3 betas=[0.9, 0.99]")
        #expect(diagnostics == [])
        #expect(arguments.variant == "adamw")
        #expect(try arguments.number("lr") == 1e-3)
        #expect(try arguments.number("proxy-lr") == 0.01)
        #expect(try arguments.numbers("betas") == [0.9, 0.99])
        #expect(try arguments.optionalNumber("clip-norm") == nil)
        #expect(arguments.isGiven("lr") && !arguments.isGiven("eps"))
        #expect(arguments.givenNames == ["name", "lr", "betas"])
    }

    @Test func wordsInThePlaceOfOtherValues() throws {
        let train = try bind("train checkpoint=none evaluate=2").arguments
        #expect(try train.optionalInteger("checkpoint") == nil)
        #expect(try train.optionalInteger("evaluate") == 2)
        let near = try bind("load vit-nano weights=near").arguments
        #expect(try near.choice("weights") == "near")
        #expect(try near.optionalPath("weights") == nil)
        let path = try bind("load vit-nano weights=\"near.npz\"").arguments
        #expect(try path.choice("weights") == nil)
        #expect(try path.optionalPath("weights") == "near.npz")
    }

    @Test func flagsAndLists() throws {
        let arguments = try bind("eval map recall=1").arguments
        #expect(try arguments.flag("map"))
        #expect(try arguments.integers("recall") == [1])
        #expect(try bind("eval").arguments.integers("recall") == [])
        #expect(try bind("eval embedding=head").arguments.texts("embedding") == ["head"])
        #expect(try bind("eval recall=1..4").arguments.integers("recall") == [1, 2, 3, 4])
        #expect(try bind("eval map=false").arguments.flag("map") == false)
        #expect(try bind("augment paper").arguments.interval("scale") == 0.08...1)
    }

    @Test func aRepeatedValueIsAList() throws {
        #expect(try bind("help").arguments.texts("topic") == [])
        #expect(try bind("help proxies.alpha").arguments.texts("topic") == ["proxies.alpha"])
        #expect(try bind("help search learning \"rate\"").arguments.texts("topic") == ["search", "learning", "rate"])
        #expect(try bind("help search rate rate").diagnostics == [])
        let wrong = try bind("help search 12 rate").diagnostics
        #expect(wrong.map(\.code) == ["VPS206"])
        #expect(wrong.first?.span == SourceSpan(file: 0, lower: 12, upper: 14))
    }

    @Test func askingForWhatIsNotThereThrows() throws {
        let arguments = try bind("eval").arguments
        #expect(throws: Diagnostic.self) { try arguments.integer("nothing") }
        #expect(throws: Diagnostic.self) { try arguments.integer("map") }
        #expect(throws: Diagnostic.self) { try bind("eval recall=[1]").arguments.flag("recall") }
        #expect(throws: Diagnostic.self) { try arguments.interval("on") }
    }

    @Test func kindsThatTheCatalogDoesNotUseYet() throws {
        let option = OptionDeclaration("limit", .duration, range: .above(0), default: .value("30min"), "Limit", good: "1h", bad: "12")
        let size = OptionDeclaration("memory", .size, default: .required, "Memory", good: "4GiB", bad: "30min")
        let command = CommandDeclaration(name: "work", topic: .session, summary: "Work", options: [option, size], examples: [])
        func bind(_ text: String) -> ArgumentBinder? {
            guard case .command(let statement)? = Parser.parse(Array(text.utf8), file: 0).script.statements.first?.kind else { return nil }
            return ArgumentBinder(statement, to: command, scope: Scope())
        }
        let arguments = try #require(bind("work memory=4GiB")).arguments
        #expect(try arguments.bytes("memory") == 4 * 0x1p30)
        #expect(try arguments.seconds("limit") == 1800)
        #expect(bind("work memory=4 limit=30min")?.diagnostics.map(\.code) == ["VPS206"])
        #expect(bind("work memory=4GiB limit=0s")?.diagnostics.map(\.code) == ["VPS207"])
    }

    @Test(arguments: [
        ("eval mpa", "VPS203 mpa"), ("eval recall", "VPS210 recall"), ("seed 1 2", "VPS202 2"), ("seed value=3", "VPS203 value"),
        ("seed number=3", "VPS203 number"), ("load vit-s16 weights=near", "VPS204 near"), ("load vit-nano depth=3", "VPS204 depth"),
        ("data glyphs skip-bad", "VPS204 skip-bad"), ("data folder", "VPS209 data"), ("seed", "VPS209 seed"),
        ("optim adamw betas=[0.9, 1.5]", "VPS207 1.5"), ("optim adamw betas=[0.9]", "VPS207 [0.9]"),
        ("schedule multistep milestones=[2, 1]", "VPS207 1"), ("optim sgd clip-norm=1 clip-value=1", "VPS211 clip-value=1"),
        ("head none dim=3", "VPS211 dim=3"), ("seed 1 { train }", "VPS215 {"), ("threads 2 -> t", "VPS216 t"),
        ("augment paper resize=48 crop=56", "VPS213 crop=56"), ("train batch=64.5", "VPS206 64.5"),
        ("data folder path=\"birds\" split=list", "VPS209 split=list"),
        ("data folder path=\"birds\" train-list=\"birds\"", "VPS214 train-list=\"birds\""),
        ("data folder path=\"birds\" cache-limit=4GiB", "VPS214 cache-limit=4GiB"),
        ("data glyphs validate=\"0.1\"", "VPS206 \"0.1\""), ("eval recall=[1, true]", "VPS206 true"),
    ])
    func refuses(_ text: String, _ expected: String) {
        var state = SessionState()
        state.facts = [.modelLoaded, .dataLoaded]
        let files = MemoryFiles(texts: ["birds": ""], folders: ["birds"])
        #expect(findings(text, files: files, state: state).contains(expected), "\(findings(text, files: files, state: state))")
    }
}
