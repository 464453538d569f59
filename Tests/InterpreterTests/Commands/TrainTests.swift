import Foundation
import Interpreter
import Testing

@Suite(.serialized) struct TrainTests {
    let place: Workplace

    init() throws {
        place = try Workplace()
        try place.pictures("birds")
    }

    @Test func scriptTrainsAndReports() throws {
        let result = try place.run(
            place.tiny + """
                method vptsp-g
                train epochs=2 batch=4 evaluate=1 -> fit
                eval recall=[1, 2] map -> result
                print "{$fit.steps} steps, {$fit.epochs} epochs, R@1 {$result.recall@1:.3}, MAP@R {$result.map@r:.3}"

                """)
        // The method replaces what the settings before it said, and the check says so.
        #expect(!result.errors.contains("error[") && result.errors.contains("warning[VPS604]"), "\(result.errors)")
        #expect(result.code == .success)
        #expect(result.text.contains("vit  "))
        #expect(result.text.contains("birds  train 16 images of 4 classes, test 16 of 4"))
        #expect(result.text.contains("2 epochs x 4 steps of 4"))
        #expect(result.text.contains("epoch 2/2  loss "))
        #expect(result.text.contains("test, best on test (epoch "))
        #expect(result.text.contains("8 steps, 2 epochs, R@1 "))
        #expect(!result.text.contains("frozen"))
    }

    @Test func resolvedScriptGivesTheSameBytes() throws {
        let first = try place.run(place.tiny + "schedule cosine warmup=1\ntrain epochs=3 batch=4 name=first\n")
        #expect(first.code == .success, "\(first.errors)")
        let resolved = String(decoding: try place.bytes("runs/first/resolved.vps"), as: UTF8.self)
        #expect(resolved.contains("optim adamw lr=0.001 head-lr=0.001 proxy-lr=0.01 weight-decay=0 betas=[0.9, 0.999] eps=1e-08"))
        #expect(resolved.contains("script.vps:6: lr, name, proxy-lr"))
        #expect(resolved.contains("loss proxy-anchor alpha=32 delta=0.1 mode=anchor divide=all  # default"))
        let second = try place.run(resolved, named: "again.vps")
        #expect(second.code == .success, "\(second.errors)")
        let runs = try place.runs()
        #expect(runs.count == 2)
        #expect(try place.bytes(runs[0] + "/checkpoint.safetensors") == place.bytes(runs[1] + "/checkpoint.safetensors"))
        #expect(String(decoding: try place.bytes("runs/first/script.vps"), as: UTF8.self).contains("train epochs=3 batch=4 name=first"))
    }

    @Test func stopsBetweenStepsAndGoesOn() throws {
        var reads = 0
        var limit = Int.max
        let (session, output) = place.session { reads += 1; return reads > limit }
        #expect(session.execute(place.tiny) == .succeeded)
        limit = reads + 8
        #expect(session.execute("train epochs=3 batch=4") == .interrupted)
        #expect(output.text.contains("everything is kept"))
        limit = .max
        let run = try place.runs()[0]
        let (later, _) = place.session()
        #expect(later.execute("restore \"\(run)\"\ntrain epochs=3 batch=4") == .succeeded)
        #expect(try place.runs().count == 1)
        let (undisturbed, _) = place.session()
        #expect(undisturbed.execute(place.tiny + "train epochs=3 batch=4 name=whole") == .succeeded)
        #expect(try place.bytes(run + "/checkpoint.safetensors") == place.bytes("runs/whole/checkpoint.safetensors"))
    }

    @Test func lowMemoryIsPartOfTheRecord() throws {
        let result = try place.run(place.tiny + "train epochs=1 batch=4 memory=low name=low\ntrain epochs=1 batch=4 memory=low micro-batch=2 name=two\n")
        #expect(result.code == .success, "\(result.errors)")
        #expect(String(decoding: try place.bytes("runs/low/resolved.vps"), as: UTF8.self).contains(" memory=low micro-batch=4  #"))
        #expect(String(decoding: try place.bytes("runs/two/resolved.vps"), as: UTF8.self).contains(" memory=low micro-batch=2  #"))
        let alone = try place.run(place.tiny + "train epochs=1 batch=4 micro-batch=2 name=kept\n")
        #expect(alone.code == .success, "\(alone.errors)")
        #expect(String(decoding: try place.bytes("runs/kept/resolved.vps"), as: UTF8.self).contains(" memory=normal micro-batch=2  #"))
        let large = try place.run(place.tiny + "train batch=4 memory=low micro-batch=5\n")
        #expect(large.code == .rejected)
        #expect(large.errors.contains("`micro-batch=5` is larger than `batch=4`"))
    }

    @Test func classPromptsOnDisk() throws {
        let touched = place.tiny.replacingOccurrences(of: "proxies gru n=2", with: "proxies gru n=2 update=touched")
        let result = try place.run(touched + """
            train epochs=2 batch=4 name=disk
            save "\(place("model.safetensors"))"
            restore "\(place("model.safetensors"))"
            train epochs=1 batch=4 name=further -> further
            restore $further.run
            eval

            """)
        #expect(result.code == .success, "\(result.errors)")
        #expect(result.text.contains("class prompts on disk, up to "))
        #expect(FileManager.default.fileExists(atPath: place("runs/disk/class-prompts.bank")))
        #expect(String(decoding: try place.bytes("runs/disk/resolved.vps"), as: UTF8.self).contains(" update=touched "))
        for proxies in ["none update=touched", "gru update=sparse"] {
            #expect(try place.run(place.tiny + "proxies \(proxies)\n").code == .rejected)
        }
    }

    @Test func promptKeepsWhatWasTyped() throws {
        let (session, _) = place.session()
        for line in place.tiny.split(separator: "\n") { #expect(session.execute(String(line)) == .succeeded) }
        #expect(session.execute("train epochs=0") == .rejected)
        #expect(session.execute("train epochs=1 batch=4 name=typed") == .succeeded)
        let script = String(decoding: try place.bytes("runs/typed/script.vps"), as: UTF8.self)
        #expect(script == place.tiny.trimmingCharacters(in: .newlines) + "\ntrain epochs=1 batch=4 name=typed\n")
    }

    @Test func failedEditLeavesTheSettings() throws {
        let (session, output) = place.session()
        #expect(session.execute(place.tiny) == .succeeded)
        let before = session.experiment.specification
        #expect(session.execute("data folder path=\"\(place("nothing"))\"") != .succeeded)
        #expect(session.execute("load vit image=16 patch=8 dim=16 depth=2 heads=2 weights=\"\(place("nothing.safetensors"))\"") != .succeeded)
        #expect(session.experiment.specification == before)
        #expect(output.errors.contains("nothing"))
    }
}
