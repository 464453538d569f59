import Foundation
import Interpreter
import Testing

/// Weight files of other layouts from a script: what is inferred, what is asked for, what `show` writes.
@Suite(.serialized) struct LoadTests {
    let place: Workplace

    init() throws {
        place = try Workplace()
        try place.pictures("birds")
    }

    /// The networks that the tests of VisionTransformers compare with timm: 12 px, patch 4, width 16, 2 blocks.
    private func layout(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("VisionTransformersTests/Resources/layouts/\(name).safetensors").path
    }

    @Test(arguments: [
        ("plain", "", "2 heads", "mlp-ratio=4 activation=gelu"), ("distilled", "", "2 heads, distillation token", "mlp-ratio=4 activation=gelu"),
        ("registers", "", "2 registers, layer scale", "mlp-ratio=4 activation=gelu"),
        ("clip", " activation=gelu", "norm before the blocks, gelu", "mlp-ratio=2.625 activation=gelu"),
        ("plain", " image=20", "positions resampled from 12 px", "image=20 patch=4"),
    ]) func sizesComeFromTheFile(_ name: String, _ more: String, _ said: String, _ shown: String) throws {
        let (session, output) = place.session()
        #expect(session.execute("load vit weights=\"\(layout(name))\" heads=2\(more)") == .succeeded, "\(output.errors)")
        #expect(output.text.contains(said), "\(output.text)")
        let before = output.text.count
        #expect(session.execute("show load") == .succeeded)
        let line = String(output.text.dropFirst(before))
        #expect(line.contains(shown) && line.contains("dim=16 depth=2 heads=2"), "\(line)")
        let (again, errors) = place.session()
        #expect(again.execute(line) == .succeeded, "\(errors.errors)")
        #expect(again.experiment.resolvedSpecification.backbone == session.experiment.resolvedSpecification.backbone)
    }

    @Test func aDistilledNetworkTrainsAndIsRestored() throws {
        let script = """
            threads 1
            load vit weights="\(layout("distilled"))" heads=2 image=16
            data folder path="\(place("birds"))"
            augment paper normalize=imagenet
            method vptsp-g bitfit
            optim adamw lr=1e-3
            train epochs=1 batch=4 name=first
            save "\(place("m.safetensors"))"
            eval -> one
            restore "\(place("m.safetensors"))"
            eval -> two
            assert $one.recall@1 == $two.recall@1
            """
        let result = try place.run(script)
        #expect(result.code == .success, "\(result.errors)")
    }

    @Test(arguments: [
        ("load vit weights=\"PLAIN\"", "say it with heads="), ("load vit weights=\"CLIP\" heads=2", "activation=quick-gelu"),
        ("load vit weights=\"PLAIN\" heads=2 dim=32", "dim is 32, but"), ("load vit weights=\"PLAIN\" heads=2 image=13", "multiple of patch 4"),
        ("load vit-s16 weights=\"PLAIN\"", "tensor `cls_token` has shape [1, 1, 16]; this network needs [1, 1, 384]"),
        ("load vit-s16 weights=\"DISTILLED\"", "takes sizes and layout from the file"),
    ]) func whatDoesNotFitIsSaid(_ line: String, _ words: String) throws {
        let text = line.replacingOccurrences(of: "PLAIN", with: layout("plain")).replacingOccurrences(of: "CLIP", with: layout("clip"))
            .replacingOccurrences(of: "DISTILLED", with: layout("distilled"))
        let (session, output) = place.session()
        #expect(session.execute(text) != .succeeded)
        #expect(output.errors.contains(words), "\(output.errors)")
        #expect(session.experiment.specification.backbone == nil)
    }

    @Test func layoutsThatExpectOtherPixelsSaySo() throws {
        let (session, output) = place.session()
        #expect(session.execute("load vit weights=\"\(layout("clip"))\" heads=2 activation=gelu") == .succeeded)
        #expect(output.text.contains("note: such weights expect pixels as `augment … normalize=clip` gives them"))
    }
}
