import Interpreter
import Testing

@Suite(.serialized) struct ShowTests {
    let place: Workplace

    init() throws {
        place = try Workplace()
        try place.pictures("birds")
    }

    /// Settings of every command, none of them a default.
    private var settings: String {
        """
        seed 7
        threads 2
        load vit image=16 patch=4 dim=24 depth=3 heads=3 mlp-ratio=2 activation=quick-gelu
        data folder path="\(place("birds"))" skip-bad validate=0.25
        augment paper resize=20 crop=16 scale=0.2..0.9 ratio=0.8..1.25 flip=0 interpolation=bicubic
        prompts layers=2 n=3 step=1
        adapter sequential layers=2 dim=8 scale=0.5 ln=pre
        lora rank=2 targets=[mlp, k] alpha=3 layers=1
        proxies gru alpha=0.3 layers=2 n=4 step=1 norm=last cell=tanh dropout=0.25 range=batch
        head dim=12 init=orthogonal
        tune bitfit
        loss proxy-anchor alpha=16 delta=0.2 divide=present
        optim adamw lr=2e-3 head-lr=4e-3 proxy-lr=3e-2 weight-decay=1e-3 betas=[0.8, 0.99] eps=1e-7 clip-value=2
        schedule multistep milestones=[2, 5] gamma=0.3 warmup=1 freeze-epochs=2

        """
    }

    /// Other variants of some commands, after `settings`.
    private static let others = [
        "", "proxies simple integrate=mean prompts=none alpha=0.2 keep=0.7", "proxies simple norm=last cell=tanh dropout=0.5",
        "optim sgd lr=0.1 momentum=0.5 nesterov clip-norm=3",
    ]

    @Test(arguments: others) func whatIsShownGivesTheSameSettings(_ other: String) throws {
        let (session, output) = place.session()
        #expect(session.execute(settings + other) == .succeeded, "\(output.errors)")
        let before = output.text.count
        #expect(session.execute("show") == .succeeded)
        let shown = String(output.text.dropFirst(before))
        let (again, errors) = place.session()
        #expect(again.execute(shown) == .succeeded, "\(errors.errors)\n\(shown)")
        var (left, right) = (session.experiment.resolvedSpecification, again.experiment.resolvedSpecification)
        (left.provenance, right.provenance) = ([:], [:])
        #expect(left == right)
    }

    /// Settings that leave no room beside the others.
    @Test(arguments: ["prompts where=shallow n=3", "prompts none", "adapter adaptformer", "lora", "tune full freeze=patch-embedding", "method adapter bitfit", "method lora"])
    func otherSettingsAreShownToo(_ statement: String) throws {
        let (session, output) = place.session()
        #expect(session.execute("load vit-nano\n\(statement)\n") == .succeeded, "\(output.errors)")
        let before = output.text.count
        #expect(session.execute("show") == .succeeded)
        let (again, errors) = place.session()
        // What was set before must not show through.
        #expect(again.execute("load vit-nano\nadapter parallel\nlora targets=k\n") == .succeeded, "\(errors.errors)")
        #expect(again.execute(String(output.text.dropFirst(before))) == .succeeded, "\(errors.errors)")
        var (left, right) = (session.experiment.resolvedSpecification, again.experiment.resolvedSpecification)
        (left.provenance, right.provenance) = ([:], [:])
        #expect(left == right, "\(output.text)")
    }

    @Test func onePart() throws {
        let (session, output) = place.session()
        #expect(session.execute("load vit-nano\noptim sgd lr=0.01\nshow optim\nshow prompts\nshow data\nprompts none\nshow prompts") == .succeeded)
        #expect(output.text.contains("optim sgd lr=0.01 head-lr=0.01 proxy-lr=0.1 weight-decay=1e-06 momentum=0.9\n"))
        #expect(output.text.contains("prompts where=deep layers=6 n=10 step=0\n"))
        #expect(output.text.contains("# data is not set\n"))
        #expect(output.text.hasSuffix("prompts none\n"))
    }

    @Test func statusCountsWhatIsTrained() throws {
        let (session, output) = place.session()
        #expect(session.execute("load vit-s16 weights=random\nmethod vpt\nstatus") == .succeeded)
        #expect(output.text.contains("194,688 values, without what each class has: head 148,608, prompts 46,080"), "\(output.text)")
        #expect(output.text.contains("none (data glyphs)"))
        #expect(output.text.contains("method   vpt\n"))
        #expect(session.execute("method adapter bitfit\nstatus\nlora\nstatus") == .succeeded)
        #expect(output.text.contains("method   adapter bitfit\n") && output.text.contains("method   settings of its own\n"))
        #expect(output.text.contains("head 148,608, adapters 1,386,112, backbone 51,456"), "\(output.text)")
        #expect(output.text.contains("adapters 1,386,112, lora 147,456, backbone 51,456"), "\(output.text)")
    }
}
