internal import Experiments
import Reporting
import VPSAnalysis

struct LoadHandler: CommandHandler {
    static let name = "load"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let name = try arguments.text("model")
        var backbone = BackboneSpecification(name: name, weights: try arguments.choice("weights") ?? arguments.optionalPath("weights"))
        if name == "vit" {
            backbone.shape = BackboneSpecification.Shape(
                image: try arguments.optionalInteger("image"), patch: try arguments.optionalInteger("patch"),
                dim: try arguments.optionalInteger("dim"), depth: try arguments.optionalInteger("depth"),
                heads: try arguments.optionalInteger("heads"), mlpRatio: try arguments.optionalNumber("mlp-ratio"),
                activation: try arguments.optionalText("activation").flatMap(BackboneSpecification.Shape.Activation.init(rawValue:)))
        } else if let image = try arguments.optionalInteger("image") {
            backbone.shape = BackboneSpecification.Shape(image: image)
        }
        let summary = try session.editing(arguments) { specification in
            specification.backbone = backbone
            specification.startsFrom = nil
        } then: {
            try session.experiment.loadBackbone()
        }
        session.say(summary.line)
        if let expected = summary.normalization, expected != session.experiment.specification.augmentation.normalization {
            session.say("note: such weights expect pixels as `augment … normalize=\(expected.rawValue)` gives them")
        }
        return .record(Record([
            ("parameters", .integer(summary.parameters)), ("width", .integer(summary.width)), ("depth", .integer(summary.depth)),
        ]))
    }
}

extension BackboneSummary {
    /// `vit-nano  1.2 M parameters, 6 x 128, 48x48/8, weights far (sha256 1a2b3c4d5e6f…)`
    var line: String {
        let millions = NumberText.fixed(Double(parameters) / 1e6, decimals: parameters < 10_000_000 ? 2 : 1)
        let hash = identity.hasPrefix("random") ? "" : " (sha256 \(identity.prefix(12))…)"
        return "\(name)  \(millions) M parameters, \(depth) x \(width), \(image)x\(image)/\(patch), \(origin)\(hash)"
    }
}
