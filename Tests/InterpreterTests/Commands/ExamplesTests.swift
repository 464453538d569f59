import CommandCatalog
import CommandSchema
import DataMiniatures
import EmbeddedAssets
import Foundation
import Interpreter
import TensorFiles
import Testing

/// The examples of the reference are scripts that run.
@Suite(.serialized) struct ExamplesTests {
    @Test(arguments: Catalog.commands.map(\.name)) func examplesRun(_ command: String) throws {
        let declaration = try #require(Catalog.command(named: command))
        for example in declaration.examples {
            let place = try Workplace()
            for file in example.files { try make(file, in: place) }
            let home = FileManager.default.currentDirectoryPath
            #expect(FileManager.default.changeCurrentDirectoryPath(place.path))
            defer { _ = FileManager.default.changeCurrentDirectoryPath(home) }
            let output = CapturedOutput()
            let outcome = Session(output: output).execute(example.script)
            #expect(outcome == .succeeded, "\(example.script)\n\(output.errors)")
        }
    }

    private func make(_ file: ExampleFile, in place: Workplace) throws {
        switch file.content {
        case .imageFolder: try place.pictures(file.path)
        case .splitImageFolder:
            try place.pictures(file.path + "/train", classes: 4)
            try place.pictures(file.path + "/test", classes: 4, from: 4)
        case .firstClasses: try place.write((0..<4).map { "class0\($0)\n" }.joined(), to: file.path)
        case .secondClasses: try place.write((4..<8).map { "class0\($0)\n" }.joined(), to: file.path)
        case .benchmark: try FileManager.default.copyItem(atPath: DataMiniatures.path("cub200"), toPath: place(file.path))
        case .imageTable:
            try place.pictures("images")
            let rows = (0..<32).map { "images/class0\($0 / 4)/\($0 % 4).png,\($0 / 4),\($0 < 16 ? "train" : "test")\n" }
            try place.write("path,label,split\n" + rows.joined(), to: file.path)
        case .authorsCheckpoint: try authorsCheckpoint().write(to: place(file.path))
        case .image: try place.picture(file.path, side: 48)
        }
    }

    private struct Checkpoint {
        var arrays: [NamedArray]

        func write(to path: String) throws { try SafeTensors.write(arrays, to: path) }
    }

    /// The embedded network with prompts in two blocks, under the names of the paper's own program.
    private func authorsCheckpoint() throws -> Checkpoint {
        let width = 128
        func array(_ name: String, _ shape: [Int]) -> NamedArray {
            NamedArray(name: name, shape: shape, values: (0..<shape.reduce(1, *)).map { Float($0 % 7) / 70 + (name.hasSuffix("norm.weight") ? 1 : 0) })
        }
        let backbone = try SafeTensors.read(path: EmbeddedAssets.vitNano(.far).path).map { NamedArray(name: "model." + $0.name, shape: $0.shape, values: $0.values) }
        return Checkpoint(arrays: backbone + [
            array("head.weight", [32, width]), array("head.bias", [32]), array("fc_norm.weight", [width]), array("fc_norm.bias", [width]),
            array("proxies_bias", [5, 32]), array("prompts.0", [1, 4, width]), array("prompts.1", [1, 4, width]),
        ])
    }
}
