import CommandCatalog
import CommandSchema
import Experiments
import Foundation
import Interpreter
import MetricLearning
import Testing

@Suite(.serialized) struct LossTests {
    let place: Workplace

    init() throws {
        place = try Workplace()
        try place.pictures("birds")
    }

    /// A tiny network under learned proxies, or none where the loss has none.
    private var setup: String { place.tiny + "proxies none\nhead dim=8\n" }

    static let variants = Catalog.command(named: "loss")?.variants.map(\.word) ?? []

    // MARK: The catalog and the losses

    @Test func theCatalogHasEveryLoss() { #expect(Self.variants == NamedLosses.all.map(\.name)) }

    /// A loss's options are its settings, with the same defaults; bounds are judged by the values that stand in the catalog.
    @Test(arguments: variants) func optionsAreTheSettings(_ name: String) throws {
        let declaration = try #require(Catalog.command(named: "loss"))
        let definition = try #require(NamedLosses.definition(named: name))
        let options = declaration.options.filter { $0.belongs(to: name) }
        #expect(Set(options.map(\.name)) == Set(definition.settings.map(\.name)))
        for option in options {
            let standard = try #require(definition.setting(option.name)?.standard)
            let text = try #require(option.defaultValue.text(for: name))
            switch standard {
            case .number(let number): #expect(Double(text) == number, "\(name) \(option.name)")
            case .integer(let integer): #expect(Int(text) == integer)
            case .integers(let integers): #expect(text == "\(integers)")
            case .word(let word): #expect(text == word)
            case .flag: #expect(option.kind == .flag)
            }
            for choice in option.kind.choices { #expect(throws: Never.self) { try LossSettings(name, [option.name: .word(choice.word)]) } }
        }
    }

    // MARK: Training

    static let scripts = variants.map { "loss \($0)" } + [
        "loss proxy-anchor mode=nca", "loss subcenter-arcface centers=2", "loss triplet miner=semihard miner-margin=0.5", "loss triplet miner=hard",
        "loss contrastive miner=batch-hard", "loss triplet miner=distance-weighted miner-farthest=1.9", "loss multi-similarity miner=multi-similarity", "loss nt-xent miner=hard", "loss circle miner=batch-hard",
        "loss hyperbolic curvature=0 temperature=0.1", "loss recall-at-k k=[1, 2] query=left-out simix",
    ]

    /// Two steps of each, from a script; what `show` says makes the same loss, and what moved is counted.
    @Test(arguments: scripts) func trains(_ loss: String) throws {
        let (session, output) = place.session()
        let outcome = session.execute(setup + loss + "\ntrain epochs=1 steps=2 batch=8 -> fit\nprint \"{$fit.parameters} {$fit.loss}\"\n")
        #expect(outcome == .succeeded, "\(output.errors)")
        let settings = session.experiment.specification.loss
        // Head 2 x 16 + 8 x 16 + 8, prompts 2 x 2 x 16, O 4 x 8 times the proxies a class.
        let numbers = try #require(output.text.split(separator: "\n").last).split(separator: " ").map { Double($0) ?? .nan }
        #expect(numbers[0] == Double(168 + 64 + 32 * settings.proxiesPerClass))
        #expect(numbers[1].isFinite)
        #expect(session.experiment.parameterCounts?.total == Int(numbers[0]))
        let before = output.text.count
        #expect(session.execute("show loss") == .succeeded)
        let (again, errors) = place.session()
        #expect(again.execute(String(output.text.dropFirst(before))) == .succeeded, "\(errors.errors)")
        #expect(again.experiment.specification.loss == settings)
    }

    /// What is drawn at random is a function of the step, so that a training that was stopped goes on to the same bytes.
    @Test(arguments: ["loss triplet margin=0.5 miner=distance-weighted miner-farthest=1.9", "loss recall-at-k rank-temperature=0.1 simix"])
    func resumesToTheSameBytes(_ loss: String) throws {
        var reads = 0
        var limit = Int.max
        let (session, _) = place.session { reads += 1; return reads > limit }
        #expect(session.execute(setup + loss) == .succeeded)
        limit = reads + 3
        #expect(session.execute("train epochs=3 batch=8") == .interrupted)
        limit = .max
        let run = try place.runs()[0]
        let (later, errors) = place.session()
        #expect(later.execute("restore \"\(run)\"\ntrain epochs=3 batch=8") == .succeeded, "\(errors.errors)")
        let (whole, _) = place.session()
        #expect(whole.execute(setup + loss + "\ntrain epochs=3 batch=8 name=whole") == .succeeded)
        #expect(try place.bytes(run + "/checkpoint.safetensors") == place.bytes("runs/whole/checkpoint.safetensors"))
    }

    /// In two passes a batch's draws are those of one pass.
    @Test func lowMemoryGivesTheSameLoss() throws {
        func loss(_ options: String) throws -> Double {
            let (session, output) = place.session()
            let script = setup + "loss recall-at-k rank-temperature=0.1 simix\ntrain epochs=1 steps=1 batch=8 \(options) -> fit\nprint $fit.loss\n"
            #expect(session.execute(script) == .succeeded, "\(output.errors)")
            return Double(output.text.split(separator: "\n").last ?? "") ?? .nan
        }
        #expect(try abs(loss("") - loss("memory=low micro-batch=3")) < 1e-4)
    }

    /// Hyp-ViT's head and loss: what is measured depends on the ball, survives `save` and `restore`, and is that of the
    /// model's own loss where the settings have moved on.
    @Test func hyperbolicModelsAreEvaluatedInTheirBall() throws {
        let (session, output) = place.session()
        let script = place.tiny + "proxies none\ntune full\nhead dim=4 init=orthogonal norm=none\nloss hyperbolic curvature=2 clip=9\noptim adamw lr=1e-3 clip-norm=3\n"
        #expect(session.execute(script + "train epochs=2 batch=8 -> fit\nprint $fit.parameters\nsave \"\(place("ball.safetensors"))\"\n") == .succeeded, "\(output.errors)")
        let image = "search \"\(place("birds/class05/1.png"))\" k=3 -> found\nprint \"{$found.similarity}\""
        #expect(session.execute("eval map -> result\n\(image)\nembed \"\(place("e.npy"))\"") == .succeeded, "\(output.errors)")
        #expect(output.text.contains("-distance"))
        let (later, text) = place.session()
        #expect(later.execute("load vit image=16 patch=8 dim=16 depth=2 heads=2\ndata folder path=\"\(place("birds"))\"\nrestore \"\(place("ball.safetensors"))\"\n\(image)") == .succeeded, "\(text.errors)")
        #expect(later.experiment.specification.loss == session.experiment.specification.loss)
        #expect(later.experiment.specification.head.normalization == .none)
        #expect(text.text.split(separator: "\n").last == output.text.split(separator: "\n").last { $0.hasPrefix("-") && Double($0) != nil })
        // Another space is another model; another temperature is not.
        #expect(later.execute("loss hyperbolic curvature=2 clip=9 temperature=0.5") == .succeeded)
        #expect(later.experiment.hasTrainedModel)
        #expect(later.execute("loss hyperbolic") == .succeeded)
        #expect(!later.experiment.hasTrainedModel)
    }

    // MARK: What cannot be

    @Test(arguments: [
        ("loss triplet", "the loss uses no proxies, so semantic proxies have nothing to do"),
        ("loss soft-triple", "the loss has several proxies a class, but semantic proxies are one a class"),
        ("loss subcenter-arcface centers=2\nproxies gru", "several proxies a class"),
        ("proxies none\nloss nt-xent\nproxies mean", "the loss uses no proxies"),
    ]) func semanticProxiesNeedOneProxyAClass(_ lines: String, _ words: String) throws {
        let script = place.tiny + lines + "\ntrain epochs=1 batch=8\n"
        let result = try place.run(script)
        #expect(result.code == .rejected)
        #expect(result.errors.contains(words) && result.errors.contains("proxies none"), "\(result.errors)")
        #expect(!result.text.contains("trained"))
        // The engine refuses it too, where no script was looked at before.
        let (session, _) = place.session()
        #expect(session.execute(place.tiny) == .succeeded)
        session.experiment.specification.loss = try .named("triplet", [:])
        session.experiment.specification.training.batch = 8
        let error = #expect(throws: ExperimentError.self) {
            try session.experiment.train(runs: place("runs"), texts: RunTexts(script: "") { _ in "" })
        }
        #expect(error?.message.contains("`loss triplet` uses no proxies") == true, "\(String(describing: error))")
    }

    @Test func pairsNeedTwoImagesOfAClass() throws {
        let result = try place.run(setup + "loss sup-con\ntrain batch=4 per-class=1\n")
        #expect(result.code == .rejected)
        #expect(result.errors.contains("the loss compares images of one class, but a batch has one of each"), "\(result.errors)")
        let (session, _) = place.session()
        #expect(session.execute(setup + "loss sup-con") == .succeeded)
        session.experiment.specification.training.perClass = 1
        session.experiment.specification.training.batch = 4
        #expect(throws: ExperimentError.self) { try session.experiment.train(runs: place("runs"), texts: RunTexts(script: "") { _ in "" }) }
        #expect(try place.run(setup + "loss soft-triple\ntrain batch=4 per-class=1 epochs=1 steps=1\n").code == .success)
    }

    @Test(arguments: [
        ("loss triplet temperature=1", "`temperature` belongs to"), ("loss hyperbolic miner=hard", "`miner` belongs to `loss triplet`"),
        ("loss triplet miner=semi-hard", "semihard"), ("loss triplet miner-margin=0.1", "`miner-margin` belongs to `miner=semihard`"),
        ("loss triplet miner=hard miner-cutoff=0.1", "`miner-cutoff` belongs to `miner=distance-weighted`"),
        ("loss proxy-anchor mode=nca divide=present", "`divide` belongs to `mode=anchor`"),
        ("loss hyperbolic curvature=0 clip=2", "`clip` counts only where `curvature` is above 0"), ("loss arcface margin-degrees=180", "180"),
        ("loss recall-at-k k=[2, 1]", "k"), ("loss nt-xent simix", "simix"), ("loss triplet margin=-1", "-1"),
    ]) func wrongOptionsTeach(_ loss: String, _ words: String) throws {
        let result = try place.run(setup + loss + "\n")
        #expect(result.code == .rejected)
        #expect(result.errors.contains(words), "\(result.errors)")
    }

    /// A rate that moves nothing is said to.
    @Test func proxyRateOfALossWithoutProxiesIsNamed() throws {
        let without = try place.run(place.tiny + "proxies none\nloss triplet\ntrain steps=1 batch=4\n")
        #expect(without.code == .success, "\(without.errors)")
        #expect(without.text.contains("proxy-lr counts for nothing: `loss triplet` has no proxies"))
        let with = try place.run(place.tiny + "proxies none\ntrain steps=1 batch=4\n")
        #expect(with.code == .success && !with.text.contains("counts for nothing"), "\(with.errors)")
    }
}
