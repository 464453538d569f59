import Foundation
import Interpreter
import Testing

@Suite(.serialized) struct ReplayTests {
    let place: Workplace

    init() throws {
        place = try Workplace()
        try place.pictures("birds")
    }

    private func train(_ options: String = "epochs=2 batch=4 evaluate=1", proxies: String = "gru n=2") throws {
        let settings = place.tiny.replacingOccurrences(of: "proxies gru n=2", with: "proxies \(proxies)")
        let result = try place.run(settings + "train \(options) name=first\neval recall=[1, 2] map nmi clusters=3 interval=0.9\n")
        try #require(result.code == .success, "\(result.errors)")
    }

    @Test(arguments: ["gru n=2", "gru n=2 update=touched", "none"]) func comesOutTheSame(_ proxies: String) throws {
        try train(proxies: proxies)
        let (session, output) = place.session()
        #expect(session.execute("replay \"\(place("runs/first"))\" -> r\nprint \"{$r.steps} {$r.figures}\"") == .succeeded, "\(output.errors)\(output.text)")
        #expect(output.text.contains("data, weights, program, processor, kernels and threads are the same\n"))
        #expect(output.text.contains("checkpoint equal, byte for byte\nlosses of 8 steps equal\n4 figures equal\n8 4\n"), "\(output.text)")
        #expect(try place.bytes("runs/first/checkpoint.safetensors") == place.bytes("runs/first-replay/checkpoint.safetensors"))
        // Threads are named, and change nothing.
        #expect(session.execute("replay \"\(place("runs/first"))\" threads=2") == .succeeded, "\(output.errors)\(output.text)")
        #expect(output.text.contains("threads differ: 1 then, 2 now\n"))
        #expect(!session.experiment.hasTrainedModel, "the session keeps its own")
    }

    @Test func resumedRunComesOutTheSame() throws {
        var reads = 0
        let (session, _) = place.session { reads += 1; return reads > 12 }
        #expect(session.execute(place.tiny + "train epochs=3 batch=4 name=first") == .interrupted)
        // Where it stands it can be repeated too.
        let (early, output) = place.session()
        #expect(early.execute("replay \"\(place("runs/first"))\"") == .succeeded, "\(output.errors)\(output.text)")
        #expect(early.execute("resume \"\(place("runs/first"))\"\nreplay \"\(place("runs/first"))\"") == .succeeded, "\(output.errors)\(output.text)")
        #expect(output.text.contains("losses of 12 steps equal"))
    }

    /// Whatever this machine finds faster now, a run goes on, and is repeated, with the libraries that it was begun with.
    @Test func productsAreThoseThatTheRunWasBegunWith() throws {
        var reads = 0
        let (session, _) = place.session { reads += 1; return reads > 12 }
        #expect(session.execute(place.tiny + "precision f32 products=measured\ntrain epochs=3 batch=4 name=first") == .interrupted)
        func manifest(_ run: String) throws -> [String: Any] {
            try #require(JSONSerialization.jsonObject(with: place.bytes("runs/\(run)/manifest.json")) as? [String: Any])
        }
        var begun = try manifest("first")
        guard let products = begun["products"] as? [String: String] else {
            print("skipped: oneDNN is not there, so that nothing was measured")
            return
        }
        let others = products.mapValues { $0 == "openblas" ? "onednn" : "openblas" }
        begun["products"] = others
        try place.write(String(decoding: JSONSerialization.data(withJSONObject: begun), as: UTF8.self), to: "runs/first/manifest.json")

        let (next, output) = place.session()
        #expect(next.execute("resume \"\(place("runs/first"))\"") == .succeeded, "\(output.errors)\(output.text)")
        let resumed = try #require(manifest("first")["resumed"] as? [[String: Any]])
        let kernels = try #require(resumed.last?["blasKernel"] as? String)
        let byOneDNN = others.filter { $0.value == "onednn" }.keys.sorted()
        #expect(byOneDNN.isEmpty ? !kernels.contains("oneDNN") : kernels.hasSuffix(" for " + byOneDNN.joined(separator: " ")), "\(kernels)")
        // Its first steps were made by the others: whether it comes out the same is not the question here.
        _ = place.session().0.execute("replay \"\(place("runs/first"))\"")
        #expect(try manifest("first-replay")["products"] as? [String: String] == others)
    }

    @Test func otherPicturesAreNamedAndNotTrained() throws {
        try train()
        try place.picture("birds/class00/0.png", label: 5, number: 9)
        let (session, output) = place.session()
        #expect(session.execute("replay \"\(place("runs/first"))\"") == .failed)
        #expect(output.text.contains("data differ: ") && output.text.contains("not trained: with other data it is another run"))
        #expect(output.errors.contains("cannot be repeated: data differ"))
        #expect(try place.runs().count == 1)
    }

    /// A checkpoint that some other program wrote, and figures that are not those of this run.
    @Test func differencesAreNamed() throws {
        try train()
        func replace(_ name: String, _ old: String, _ new: String) throws {
            let text = String(decoding: try place.bytes(name), as: UTF8.self)
            try #require(text.contains(old), "\(name)")
            try place.write(text.replacingOccurrences(of: old, with: new), to: name)
        }
        let manifest = try #require(JSONSerialization.jsonObject(with: place.bytes("runs/first/manifest.json")) as? [String: Any])
        try replace("runs/first/manifest.json", try #require(manifest["programHash"] as? String), String(repeating: "ab", count: 32))
        try replace("runs/first/manifest.json", try #require(manifest["blasKernel"] as? String), "Alpha")
        var lines = String(decoding: try place.bytes("runs/first/events.jsonl"), as: UTF8.self).split(separator: "\n").map(String.init)
        let step = try #require(lines.firstIndex { $0.contains("\"epoch\":1,") && $0.contains("\"event\":\"step\"") && $0.contains("\"step\":2}") || $0.contains("\"epoch\":1,\"event\":\"step\"") })
        lines[step] = lines[step].replacingOccurrences(of: "\"loss\":", with: "\"loss\":1")
        try place.write(lines.joined(separator: "\n") + "\n", to: "runs/first/events.jsonl")
        try place.write("another file", to: "runs/first/checkpoint.safetensors")
        try replace("runs/first/metrics.json", "\"normalizedMutualInformation\"", "\"normalizedMutualInformation\":1,\"before\"")
        let (session, output) = place.session()
        #expect(session.execute("replay \"\(place("runs/first"))\" format=json") == .failed)
        let found = try #require(JSONSerialization.jsonObject(with: Data(output.text.utf8)) as? [String: Any], "\(output.text)")
        let differences = try #require(found["differences"] as? [[String: String]])
        #expect(differences.map { $0["what"] } == ["program", "kernels"])
        #expect((found["checkpoint"] as? [String: String])?["what"] == "checkpoint")
        #expect((found["firstDifferingStep"] as? [String: Int])?["epoch"] == 1)
        let figures = try #require(found["figures"] as? [[String: String]])
        #expect(figures.map { $0["what"] } == ["eval test head"], "what k-means found is measured again too")
        #expect(output.errors.contains("did not come out the same") && output.errors.contains("program: abababababab… then"))
    }

    @Test func killedRunHasNoEnd() throws {
        try train("epochs=1 batch=4")
        var metrics = try #require(JSONSerialization.jsonObject(with: place.bytes("runs/first/metrics.json")) as? [String: Any])
        metrics["outcome"] = nil
        try JSONSerialization.data(withJSONObject: metrics).write(to: URL(fileURLWithPath: place("runs/first/metrics.json")))
        let (session, output) = place.session()
        #expect(session.execute("replay \"\(place("runs/first"))\"") == .failed)
        #expect(output.errors.contains("was killed before it ended"))
    }
}
