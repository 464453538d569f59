import Foundation
import Interpreter
import PythonPrograms
import Testing

/// What `export` writes, read by the programs that it is for.
@Suite(.serialized) struct ExportTests {
    private static let tests = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// A step of a length that shows, in every tensor that learns.
    private static func optimizer(_ rate: Double) -> String { "optim sgd lr=\(rate) proxy-lr=1 momentum=0 clip-norm=1" }

    /// Statements after which each part of a network has moved, by the folder that their files go to.
    private static let cases: [(name: String, load: String, settings: String)] = {
        let nano = "load vit-nano"
        let methods = [
            ("linear", nano, "method linear"), ("bitfit", nano, "method bitfit"), ("full", nano, "method full"), ("adapter", nano, "method adapter bitfit\n\(optimizer(0.01))"),
            ("adapter-sequential", nano, "method linear\nadapter sequential layers=2 dim=8 scale=0.5 ln=pre"),
            ("adapter-none", nano, "method linear\nadapter parallel layers=3 dim=8 scale=0.1 ln=none\nlora rank=2 targets=[q, mlp]"),
            ("lora", nano, "method lora bitfit\nlora rank=4 targets=[q, k, v, o, mlp]"), ("vpt", nano, "method vpt"),
            ("vpt-step", nano, "prompts layers=4 n=5 step=2"), ("vpt-shallow", nano, "prompts where=shallow n=4"),
            ("vptsp-m", nano, "method vptsp-m bitfit"), ("vptsp-g", nano, "method vptsp-g bitfit"), ("hyp-vit", nano, "method hyp-vit\n\(optimizer(0.1))"),
            ("none", nano, "method full\nhead none"),
        ]
        // Every layout that `load vit weights=…` takes.
        let layouts = ["clip", "clip-quick-gelu", "distilled", "embedded-registers", "layer-scale", "patch-positions", "registers"].map { name in
            let file = tests.appendingPathComponent("VisionTransformersTests/Resources/layouts/\(name).safetensors").path
            let activation = name == "clip-quick-gelu" ? "quick-gelu" : "gelu"
            return (name, "load vit weights=\"\(file)\" heads=2 activation=\(activation)", "method vpt\naugment paper normalize=imagenet interpolation=bicubic")
        }
        return methods + layouts
    }()

    /// A folder with `birds`, and for each case another with `rows.npy`, what `embed` makes of them, and both exported files.
    private func exported() throws -> Workplace {
        let place = try Workplace()
        try place.pictures("birds", images: 3)
        // Real pictures, of other sizes than the network's.
        for name in ["image-1.jpeg", "image-2.png", "image-5.png"] {
            try FileManager.default.copyItem(
                at: Self.tests.appendingPathComponent("ImageDataTests/Resources/\(name)"), to: URL(fileURLWithPath: place("birds/class00/\(name)")))
        }
        for (name, load, settings) in Self.cases {
            try FileManager.default.createDirectory(atPath: place(name), withIntermediateDirectories: true)
            let (session, output) = place.session()
            let script = """
                \(load)
                data folder path="\(place("birds"))"
                \(Self.optimizer(0.1))
                \(settings)
                train epochs=1 steps=2 batch=8
                embed "\(place(name))/rows.npy" images="\(place("birds"))"
                export timm "\(place(name))/embedder.safetensors"
                export onnx "\(place(name))/embedder.onnx"

                """
            guard session.execute(script) == .succeeded else { throw Python.Failed(description: "\(name): \(output.errors)") }
        }
        return place
    }

    /// Compares the rows of `embed` with `rows`, which the program makes of the pictures at `paths`, in each case's folder.
    private func compare(_ imports: String, _ code: String, in place: Workplace) throws {
        let names = Self.cases.map { "\"\($0.name)\"" }.joined(separator: ", ")
        let program = """
            import glob, os
            \(try DocumentationPage("ecosystem.md").block("python prepare.py"))
            \(imports)
            paths = sorted(os.path.abspath(path) for path in glob.glob("birds/**/*.*", recursive=True))
            for name in [\(names)]:
                os.chdir(name)
                ours = numpy.load("rows.npy")
            \(code.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n"))
                assert ours.shape == rows.shape, (name, ours.shape, rows.shape)
                difference = abs(ours - rows).max()
                assert difference < 1e-4, (name, difference)
                assert ours.std(0).mean() > 1e-4, (name, "the rows do not differ")
                print(name, difference)
                os.chdir("..")
            """
        let printed = try Python.run(program, in: place.path)
        #expect(printed.split(separator: "\n").count == Self.cases.count, "\(printed)")
    }

    @Test(
        .enabled(
            if: Python.has("timm", "safetensors", "torchvision", "PIL", "onnx", "onnxruntime"),
            Comment(rawValue: Python.lacking("timm", "torchvision", "safetensors", "pillow", "onnx", "onnxruntime"))))
    func otherProgramsGiveTheSameEmbeddings() throws {
        let (place, page) = (try exported(), try DocumentationPage("ecosystem.md"))
        try compare(
            page.block("python embedder.py"),
            """
            model = Embedder("embedder.safetensors").eval()
            with torch.no_grad():
                rows = model(torch.tensor(numpy.stack([prepare(path, model.about) for path in paths]))).numpy()
            """, in: place)
        try compare(
            "import onnx",
            """
            onnx.checker.check_model("embedder.onnx", full_check=True)
            \(page.block("python onnx.py"))
            one = session.run(None, {"images": numpy.stack([prepare(paths[0], about)])})[0]
            assert one.shape[0] == 1 and abs(one[0] - rows[0]).max() < 1e-5, name
            """, in: place)
    }

    /// The share of test glyphs whose nearest other glyph is of their class.
    @Test(.enabled(if: Python.has("onnxruntime", "PIL"), Comment(rawValue: Python.lacking("onnxruntime", "pillow"))))
    func recallIsThatOfEval() throws {
        let place = try Workplace()
        let (session, output) = place.session()
        let script = """
            load vit-nano
            data glyphs distorted
            method vptsp-g bitfit
            train epochs=1 steps=10 batch=16
            eval recall=1 -> r
            export onnx "\(place("embedder.onnx"))"
            print "recall {$r.recall@1}"

            """
        #expect(session.execute(script) == .succeeded, "\(output.errors)")
        let ours = try #require(output.text.split(separator: "\n").last.flatMap { Double($0.dropFirst("recall ".count)) })
        let sheet = Self.tests.deletingLastPathComponent().appendingPathComponent("Sources/EmbeddedAssets/Resources/glyphs-distorted-test.webp").path
        let theirs = try Python.run(
            """
            import sys, numpy, onnxruntime
            from PIL import Image
            sheet = numpy.asarray(Image.open(sys.argv[1]).convert("RGB"), numpy.float32)
            rows, columns = sheet.shape[0] // 48, sheet.shape[1] // 48
            tiles = sheet.reshape(rows, 48, columns, 48, 3).transpose(0, 2, 4, 1, 3).reshape(-1, 3, 48, 48) / 127.5 - 1
            labels = numpy.arange(len(tiles)) // columns
            session = onnxruntime.InferenceSession("embedder.onnx")
            e = numpy.concatenate([session.run(None, {"images": tiles[i:i + 200]})[0] for i in range(0, len(tiles), 200)])
            s = e @ e.T
            numpy.fill_diagonal(s, -9)
            print((labels[s.argmax(1)] == labels).mean())
            """, [sheet], in: place.path)
        let other = try #require(Double(theirs.trimmingCharacters(in: .whitespacesAndNewlines)))
        // One query may turn on a rounding.
        #expect(ours > 0.3 && abs(ours - other) < 1.5 / 2400, "\(ours) and \(other)")
    }

    @Test func whatCannotBeWrittenIsSaid() throws {
        let place = try Workplace()
        try place.pictures("birds")
        let (session, output) = place.session()
        #expect(session.execute("load vit-nano\nexport timm \"a.safetensors\"") == .rejected)
        #expect(output.errors.contains("needs a trained model"), "\(output.errors)")
        #expect(session.execute(place.tiny + "train epochs=1 steps=1 batch=4\n") == .succeeded, "\(output.errors)")
        #expect(session.execute("export timm \"a.onnx\"") == .rejected)
        #expect(output.errors.contains("`export timm` writes a file that ends in .safetensors"), "\(output.errors)")
        #expect(session.execute("export onnx \"\(place("nowhere/a.onnx"))\"") == .rejected)
        #expect(output.errors.contains("nowhere\" to write to"), "\(output.errors)")
    }
}
