import Foundation
import ImageData
import Testing

import Experiments

/// A folder of its own for a test, removed when the test lets go of it.
final class Scratch {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("experiments-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        chmod(path, 0o755)
        try? FileManager.default.removeItem(atPath: path)
    }

    func callAsFunction(_ name: String) -> String { path + "/" + name }

    /// `classes` folders of `images` pictures of `side` pixels: each class has colours of its own.
    func pictures(_ name: String, classes: Int = 8, images: Int = 4, side: Int = 20) throws -> String {
        let root = self(name)
        for label in 0..<classes {
            let folder = root + "/class\(label < 10 ? "0" : "")\(label)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for number in 0..<images {
                var pixels: [UInt8] = []
                for place in 0..<side * side {
                    let wave = (place * (label + 2) + number * 7) % 97
                    pixels += [UInt8((label * 29 + wave) % 256), UInt8((number * 13 + place) % 256), UInt8((label * 71) % 256)]
                }
                try Data(encodePNG(RGBImage(width: side, height: side, pixels: pixels))).write(to: URL(fileURLWithPath: "\(folder)/\(number).png"))
            }
        }
        return root
    }
}

/// Texts that a run keeps; what they say is the interpreter's business.
let texts = RunTexts(script: "train\n", resolved: { _ in "vps 1\n" })

/// A random ViT of 16 x 16 pictures with 2 blocks, and the folder's pictures cropped to it.
func tiny(_ folder: String) -> ExperimentSpecification {
    var specification = ExperimentSpecification()
    specification.threads = 1
    specification.backbone = BackboneSpecification(name: "vit", shape: .init(image: 16, patch: 8, dim: 16, depth: 2, heads: 2))
    specification.data = DataSpecification(name: "folder", path: folder)
    specification.prompts = PromptSpecification(count: 2)
    specification.proxies = ProxySpecification(kind: .gru, count: 2)
    specification.optimizer = OptimizerSpecification(kind: .adamw, rate: 1e-3, proxyRate: 1e-2)
    specification.training = TrainingOptions(epochs: 3, batch: 4, perClass: 2)
    return specification
}

func experiment(_ specification: ExperimentSpecification) -> Experiment {
    let experiment = Experiment()
    experiment.specification = specification
    return experiment
}

func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

/// Collects what happens.
final class Listener: TrainingObserver {
    var events: [TrainingEvent] = []
    var steps: [StepRecord] { events.compactMap { if case .step(let step) = $0 { step } else { nil } } }

    func receive(_ event: TrainingEvent) { events.append(event) }
}

/// What a call throws, as the product's own error.
func failure(_ body: () throws -> Void) -> ExperimentError? {
    do {
        try body()
        return nil
    } catch {
        return error as? ExperimentError ?? ExperimentError(.running, "another error: \(error)")
    }
}
