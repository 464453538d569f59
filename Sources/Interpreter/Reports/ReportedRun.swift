internal import Experiments
import Reporting
import VPSAnalysis

/// A run as a report reads it: from its folder, and with what its model makes of the data where that was asked for.
struct ReportedRun {
    let folder: RunFolder
    let manifest: RunManifest
    let metrics: RunMetrics
    let curves: RunCurves
    /// Number of its colour in charts.
    let color: Int
    var exhibit: Exhibit?
    /// Why there is none although one was asked for.
    var problem: String?

    /// - Throws: ``ExperimentError`` when `path` is not the folder of a run.
    init(_ path: String, color: Int) throws {
        folder = try RunFolder.open(path)
        manifest = try folder.manifest()
        metrics = try folder.metrics()
        curves = try folder.curves()
        self.color = color
    }

    var name: String { PathText.name(of: folder.path) }

    /// `vptsp-g bitfit`
    var method: String { manifest.specification.methodName ?? "settings of its own" }

    /// `glyphs distorted`
    var data: String {
        guard let data = manifest.specification.data else { return "no data" }
        return data.name + (data.isDistorted ? " distorted" : "")
    }

    /// The model as it stands: `vit-nano, weights far`.
    var backbone: String {
        guard let backbone = manifest.specification.backbone else { return "no model" }
        return backbone.name + (backbone.weights.map { ", weights " + PathText.name(of: $0) } ?? "")
    }

    /// Seconds of a step, the middle one of all.
    var secondsPerStep: Double? {
        let sorted = curves.steps.map(\.seconds).sorted()
        return sorted.isEmpty ? nil : sorted[sorted.count / 2]
    }

    /// Of training, all calls together.
    var seconds: Double { curves.epochs.reduce(0) { $0 + $1.seconds } }

    /// `epoch 12`, `epoch 3 step 40`: where a model stands.
    static func place(_ position: TrainingPosition) -> String {
        position.step == 0 ? "epoch \(position.epoch)" : "epoch \(position.epoch + 1) step \(position.step)"
    }
}
