import Experiments
import Foundation
import ImageData
import Testing

/// A folder with runs, removed when the test lets go of it.
final class RunFixture {
    let path: String
    let root: String
    private let pictures: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("run-store-\(UUID().uuidString)").path
        root = path + "/runs"
        pictures = path + "/pictures"
        for label in 0..<4 {
            let folder = "\(pictures)/class\(label)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for number in 0..<2 {
                let pixels = (0..<16 * 16 * 3).map { UInt8(($0 * (label + 3) + number * 41) % 251) }
                try Data(encodePNG(RGBImage(width: 16, height: 16, pixels: pixels))).write(to: URL(fileURLWithPath: "\(folder)/\(number).png"))
            }
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Trains for a moment.
    @discardableResult
    func train(_ name: String, seed: UInt64 = 0, in folder: String? = nil, steps: Int = 1, stop: Bool = false) throws -> String {
        let experiment = Experiment()
        experiment.specification.threads = 1
        experiment.specification.seed = seed
        experiment.specification.backbone = BackboneSpecification(name: "vit", shape: .init(image: 16, patch: 8, dim: 16, depth: 1, heads: 2))
        experiment.specification.data = DataSpecification(name: "folder", path: pictures)
        experiment.specification.applyMethod(.linear)
        experiment.specification.augmentation.kind = AugmentationSpecification.Kind.none
        experiment.specification.training = TrainingOptions(epochs: 2, batch: 4, steps: steps, name: name)
        let outcome = try experiment.train(runs: folder ?? root, texts: RunTexts(script: "train\n", resolved: { _ in "vps 1\n" }), shouldStop: { stop })
        if !stop { _ = try experiment.evaluate() }
        return outcome.run
    }
}

func failure(_ body: () throws -> Void) -> ExperimentError? {
    do {
        try body()
        return nil
    } catch {
        return error as? ExperimentError ?? ExperimentError(.running, "another error: \(error)")
    }
}
