import Experiments
import Foundation
import Testing

struct SpecificationTests {
    @Test func defaultsAreThePapers() throws {
        let specification = ExperimentSpecification()
        #expect(specification.method == .vptspG)
        #expect(specification.prompts.count == 10)
        #expect(specification.proxies.count == 3)
        #expect(specification.proxies.alpha == 0.5)
        #expect(try specification.loss == .named("proxy-anchor", ["alpha": .number(32), "delta": .number(0.1), "mode": .word("anchor"), "divide": .word("all")]))
        #expect(specification.optimizer.rate == 5e-3)
        #expect(specification.optimizer.proxyRate == 0.1)
        #expect(specification.training.batch == 64)
        #expect(specification.training.perClass == 2)
    }

    @Test(arguments: MethodPreset.allCases) func methodsNameThemselves(_ method: MethodPreset) {
        var specification = ExperimentSpecification()
        specification.prompts.count = 77
        specification.applyMethod(method)
        #expect(specification.method == method)
        #expect(specification.prompts.count == 10, "a method replaces what was said before")
    }

    @Test func bitfitAddsBiasesToAMethod() {
        var specification = ExperimentSpecification()
        specification.applyMethod(.vptspG, bitfit: true)
        #expect(specification.tuning == .bitfit)
        #expect(specification.proxies.kind == .gru)
    }

    @Test func survivesCoding() throws {
        var specification = ExperimentSpecification()
        specification.backbone = BackboneSpecification(name: "vit-nano", weights: "near")
        specification.data = DataSpecification(name: "folder", path: "birds", split: .list(train: "a", test: "b"), validation: 0.2)
        specification.optimizer.clipping = .norm(3)
        specification.provenance["optim.clip-norm"] = Provenance(source: "a.vps", line: 3)
        let coded = try JSONEncoder().encode(specification)
        #expect(try JSONDecoder().decode(ExperimentSpecification.self, from: coded) == specification)
    }

    private struct Refusal {
        let words: String
        let change: (inout ExperimentSpecification) -> Void
    }

    @Test func refusesWhatDoesNotGoTogether() {
        let refusals = [
            Refusal(words: "batch=63 is not a multiple of per-class=2") { $0.training.batch = 63 },
            Refusal(words: "alpha=1.5") { $0.proxies.alpha = 1.5 },
            Refusal(words: "the backbone has 6 blocks") { $0.prompts.layers = 7 },
            Refusal(words: "momentum=1.0") { $0.optimizer.momentum = 1 },
            Refusal(words: "dropout=1.0") { $0.proxies.dropout = 1 },
            Refusal(words: "head-lr=-1.0") { $0.optimizer.headRate = -1 },
            Refusal(words: "nesterov looks ahead") { ($0.optimizer.nesterov, $0.optimizer.momentum) = (true, 0) },
            Refusal(words: "freeze-epochs=-1") { $0.schedule.freezeEpochs = -1 },
            Refusal(words: "lr=nan") { $0.optimizer.rate = .nan },
            Refusal(words: "milestones") { $0.schedule = ScheduleSpecification(kind: .multistep) },
            Refusal(words: "cannot name a folder") { $0.training.name = "../x" },
            Refusal(words: "recall@0") { $0.evaluation.recall = [0] },
            Refusal(words: "do not tile") { $0.backbone = BackboneSpecification(name: "vit", shape: .init(image: 30, patch: 8)) },
            Refusal(words: "do not share") { $0.backbone = BackboneSpecification(name: "vit", shape: .init(dim: 30, heads: 4)) },
        ]
        for refusal in refusals {
            var specification = ExperimentSpecification()
            refusal.change(&specification)
            let error = failure { try specification.validate(depth: 6) }
            #expect(error?.message.contains(refusal.words) == true, "\(refusal.words): \(error?.message ?? "nothing was thrown")")
            #expect(error?.kind == .specification)
        }
    }

    @Test func batchesMustFitTheData() {
        let options = TrainingOptions(batch: 64, perClass: 2)
        let classes = failure { try options.validate(classSizes: [Int](repeating: 12, count: 20)) }
        #expect(classes?.message.contains("32 classes a batch, but the data has 20") == true)
        #expect(classes?.help == ["batch=40 is the largest that fits, or raise per-class"])
        let images = failure { try options.validate(classSizes: [Int](repeating: 1, count: 40)) }
        #expect(images?.message.contains("more than the 40 training pictures") == true)
        #expect(failure { try options.validate(classSizes: []) }?.kind == .input)
    }

    @Test func hashIgnoresWhereValuesCameFrom() throws {
        var specification = ExperimentSpecification()
        let hash = try specification.hash()
        specification.provenance["seed.number"] = Provenance(source: "a.vps", line: 1)
        specification.threads = 7
        specification.training.name = "x"
        #expect(try specification.hash() == hash)
        specification.seed = 1
        #expect(try specification.hash() != hash)
    }
}
