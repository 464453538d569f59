import Foundation
import Interpreter
import TensorFiles
import Testing

@Suite(.serialized) struct EvalTests {
    let place: Workplace

    init() throws {
        place = try Workplace()
        try place.pictures("birds")
    }

    @Test func frozenFeaturesOfTheEmbeddedData() throws {
        let (session, output) = place.session()
        let script = "load vit-nano\ndata glyphs distorted\nhead none\neval recall=[1] map -> r\nprint \"{$r.recall@1:.3} {$r.map@r:.3} {$r.queries}\"\n"
        #expect(session.execute(script) == .succeeded, "\(output.errors)")
        #expect(output.text.contains("weights far (sha256 "))
        #expect(output.text.contains("glyphs distorted  train 2,400 images of 200 classes, test 2,400 of 200"))
        #expect(output.text.contains("test, frozen features  R@1 49.38 %  MAP@R 16.06 %"))
        #expect(output.text.hasSuffix("0.494 0.161 2400\n"))
    }

    /// The pixels that the weights expect are said by `augment`, and reach pictures taken as they are and cropped ones.
    @Test(arguments: ["augment none", "augment crop crop=20"]) func normalizationReachesTheNetwork(_ augment: String) throws {
        let (session, output) = place.session()
        let script = place.tiny.replacingOccurrences(of: "image=16 patch=8", with: "image=20 patch=4") + """
            \(augment)
            embed "\(place("half.npy"))"
            \(augment) normalize=imagenet
            embed "\(place("imagenet.npy"))"
            show
            """
        #expect(session.execute(script) == .succeeded, "\(output.errors)")
        #expect(output.text.contains(" normalize=imagenet"))
        #expect(try NPY.read(path: place("half.npy")).values != NPY.read(path: place("imagenet.npy")).values)
    }

    @Test func saysWhatTheFiguresAreOf() throws {
        let (session, output) = place.session()
        #expect(session.execute(place.tiny + "eval\ntrain epochs=1 batch=4\neval on=train\nprompts n=3\neval") == .succeeded, "\(output.errors)")
        let lines = output.text.split(separator: "\n").filter { $0.contains("R@1") }
        #expect(lines.count == 3)
        #expect(lines[0].hasPrefix("test, frozen features  R@1"))
        #expect(lines[1].hasPrefix("train  R@1"))
        #expect(lines[2].hasPrefix("test, frozen features (the settings have changed since training)  R@1"))
    }

    @Test func interruptedEvaluation() throws {
        var reads = 0
        let (session, _) = place.session { reads += 1; return reads > 12 }
        #expect(session.execute(place.tiny) == .succeeded)
        reads = 11
        #expect(session.execute("eval") == .interrupted)
    }

    @Test func embedsToBothForms() throws {
        let (session, output) = place.session()
        let script = place.tiny + """
            embed "\(place("test.safetensors"))" on=train -> e
            embed "\(place("birds.npy"))" images="\(place("birds"))" -> f
            print "{$e.images} {$e.dim} {$f.images}"

            """
        #expect(session.execute(script) == .succeeded, "\(output.errors)")
        #expect(output.text.hasSuffix("16 16 32\n"))
        #expect(try SafeTensorsFile(path: place("test.safetensors")).names == ["embeddings", "labels"])
        #expect(try NPY.read(path: place("birds.npy")).shape == [32, 16])
    }

    @Test func searchesAndDraws() throws {
        let (session, output) = place.session()
        let script = place.tiny + """
            search "\(place("birds/class05/1.png"))" k=3 output="\(place("row.png"))" -> found
            print "{$found.images}"
            print $found.class

            """
        #expect(session.execute(script) == .succeeded, "\(output.errors)")
        #expect(output.text.contains("3 nearest to an image of class class05, frozen features"))
        #expect(output.text.contains("cosine"))
        #expect(try place.bytes("row.png").prefix(4) == Data([0x89, 0x50, 0x4E, 0x47]))
    }
}
