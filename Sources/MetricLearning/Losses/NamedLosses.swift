/// Every loss that can be named, with its settings and their defaults: those of its paper or of pytorch-metric-learning,
/// which the losses' own initialisers hold. A new loss is its own file, an entry here and its options in the catalog; a test
/// holds the two together.
public enum NamedLosses {
    public static let all: [LossDefinition] = [proxyAnchor] + ofProxies + ofPairs

    public static func definition(named name: String) -> LossDefinition? { all.first { $0.name == name } }

    static let proxyAnchor: LossDefinition = {
        let own = ProxyAnchorLoss()
        return LossDefinition("proxy-anchor", [
            .number("alpha", own.alpha, .above0), .number("delta", own.delta, .within(0...1)), .word("mode", own.mode.rawValue, ["anchor", "nca"]),
            .word("divide", own.divide.rawValue, ["all", "present"]).only(with: "mode=anchor") { try $0.word("mode") == "anchor" },
        ]) { values in
            let isAnchor = try values.word("mode") == "anchor"
            return ProxyAnchorLoss(
                alpha: try values.number("alpha"), delta: try values.number("delta"),
                divide: try isAnchor && values.word("divide") == "present" ? .present : .all, mode: isAnchor ? .anchor : .nca)
        }
    }()

    // MARK: Losses with other proxies

    private static let ofProxies: [LossDefinition] = [
        LossDefinition("proxy-nca", [.number("scale", 1, .above0)]) { CosineSoftmaxLoss.proxyNCA(scale: try $0.number("scale")) },
        LossDefinition("norm-softmax", [.number("temperature", 0.05, .above0)]) {
            CosineSoftmaxLoss.normalizedSoftmax(temperature: try $0.number("temperature"))
        },
        LossDefinition("arcface", arcFace) { ArcFaceLoss(marginDegrees: try $0.number("margin-degrees"), scale: try $0.number("scale")) },
        LossDefinition("subcenter-arcface", arcFace + [.integer("centers", 3, from: 1)]) {
            ArcFaceLoss(marginDegrees: try $0.number("margin-degrees"), scale: try $0.number("scale"), centers: try $0.integer("centers"))
        },
        LossDefinition("cosface", [.number("margin", 0.35, .within(0...2)), .number("scale", 64, .above0)]) {
            CosineSoftmaxLoss(scale: try $0.number("scale"), margin: try $0.number("margin"))
        },
        LossDefinition("soft-triple", {
            let own = SoftTripleLoss()
            return [
                .number("lambda", own.lambda, .above0), .number("gamma", own.gamma, .above0), .number("margin", own.margin, .within(0...2)),
                .integer("centers", own.centers, from: 1),
            ]
        }()) {
            SoftTripleLoss(
                lambda: try $0.number("lambda"), gamma: try $0.number("gamma"), margin: try $0.number("margin"), centers: try $0.integer("centers"))
        },
    ]

    private static let arcFace: [LossSetting] = {
        let own = ArcFaceLoss()
        return [.number("margin-degrees", own.marginDegrees, .within(0.0..<180)), .number("scale", own.scale, .above0)]
    }()

    // MARK: Losses over pairs and triplets

    private static let ofPairs: [LossDefinition] = [
        LossDefinition("triplet", [.number("margin", TripletLoss().margin, .within(0...2))] + Miner.settings) {
            TripletLoss(margin: try $0.number("margin"), miner: try Miner($0))
        },
        LossDefinition("contrastive", margins(ContrastiveLoss().positiveMargin, ContrastiveLoss().negativeMargin) + Miner.settings) {
            ContrastiveLoss(positiveMargin: try $0.number("positive-margin"), negativeMargin: try $0.number("negative-margin"), miner: try Miner($0))
        },
        LossDefinition("multi-similarity", {
            let own = MultiSimilarityLoss()
            return [.number("alpha", own.alpha, .above0), .number("beta", own.beta, .above0), .number("base", own.base, .within(-1...1))] + Miner.settings
        }()) {
            MultiSimilarityLoss(alpha: try $0.number("alpha"), beta: try $0.number("beta"), base: try $0.number("base"), miner: try Miner($0))
        },
        LossDefinition("nt-xent", [.number("temperature", NTXentLoss().temperature, .above0)] + Miner.settings) {
            NTXentLoss(temperature: try $0.number("temperature"), miner: try Miner($0))
        },
        LossDefinition("sup-con", [.number("temperature", SupConLoss().temperature, .above0)] + Miner.settings) {
            SupConLoss(temperature: try $0.number("temperature"), miner: try Miner($0))
        },
        LossDefinition("circle", [.number("margin", CircleLoss().margin, .within(0...2)), .number("gamma", CircleLoss().gamma, .above0)] + Miner.settings) {
            CircleLoss(margin: try $0.number("margin"), gamma: try $0.number("gamma"), miner: try Miner($0))
        },
        LossDefinition("lifted-structure", margins(LiftedStructureLoss().positiveMargin, LiftedStructureLoss().negativeMargin) + Miner.settings) {
            LiftedStructureLoss(
                positiveMargin: try $0.number("positive-margin"), negativeMargin: try $0.number("negative-margin"), miner: try Miner($0))
        },
        hyperbolic, recallAtK,
    ]

    private static func margins(_ positive: Double, _ negative: Double) -> [LossSetting] {
        [.number("positive-margin", positive, .within(0...2)), .number("negative-margin", negative, .within(0...2))]
    }

    static let hyperbolic: LossDefinition = {
        let own = HyperbolicLoss()
        return LossDefinition("hyperbolic", [
            .number("temperature", own.temperature, .above0), .number("curvature", own.curvature, .within(0...10)),
            .number("clip", own.clip, .above0).only(with: "curvature above 0") { try $0.number("curvature") > 0 },
        ]) { values in
            let curvature = try values.number("curvature")
            return HyperbolicLoss(temperature: try values.number("temperature"), curvature: curvature, clip: curvature > 0 ? try values.number("clip") : own.clip)
        }
    }()

    static let recallAtK: LossDefinition = {
        let own = RecallAtKLoss()
        return LossDefinition("recall-at-k", [
            .integers("k", own.ks, from: 1), .number("rank-temperature", own.rankTemperature, .above0),
            .number("count-temperature", own.countTemperature, .above0), .word("query", own.includesQuery ? "ranked" : "left-out", ["ranked", "left-out"]),
            .flag("simix"),
        ]) { values in
            RecallAtKLoss(
                ks: try values.integers("k"), countTemperature: try values.number("count-temperature"),
                rankTemperature: try values.number("rank-temperature"), includesQuery: try values.word("query") == "ranked", isMixed: try values.flag("simix"))
        }
    }()
}

extension Miner {
    /// What chooses a loss's pairs or triplets, by the names of the language.
    static let settings: [LossSetting] = [
        .word("miner", "all", ["all", "semihard", "hard", "batch-hard", "distance-weighted", "multi-similarity"]),
        .number("miner-margin", 0.2, .within(0...2)).only(with: "miner=semihard") { try $0.word("miner") == "semihard" },
        .number("miner-cutoff", 0.5, .within(0...2)).only(with: "miner=distance-weighted") { try $0.word("miner") == "distance-weighted" },
        .number("miner-farthest", 1.4, .within(0...2)).only(with: "miner=distance-weighted") { try $0.word("miner") == "distance-weighted" },
        .number("miner-epsilon", 0.1, .within(0...2)).only(with: "miner=multi-similarity") { try $0.word("miner") == "multi-similarity" },
    ]

    init(_ values: LossValues) throws {
        self = switch try values.word("miner") {
        case "semihard": .semihard(margin: try values.number("miner-margin"))
        case "hard": .hard
        case "batch-hard": .batchHard
        case "distance-weighted": .distanceWeighted(cutoff: try values.number("miner-cutoff"), farthest: try values.number("miner-farthest"))
        case "multi-similarity": .multiSimilarity(epsilon: try values.number("miner-epsilon"))
        default: .all
        }
    }
}
