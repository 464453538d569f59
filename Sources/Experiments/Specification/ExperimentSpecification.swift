public import MetricLearning

/// Everything the commands before `train` set. An experiment's result is a function of this value, the data's bytes,
/// the weights' bytes and the program.
public struct ExperimentSpecification: Codable, Equatable, Sendable {
    /// Seed of every random number.
    public var seed: UInt64 = 0
    /// Threads; results do not depend on it. Nil takes one for each processor.
    public var threads: Int?
    public var backbone: BackboneSpecification?
    public var data: DataSpecification?
    public var augmentation = AugmentationSpecification()
    public var prompts = PromptSpecification()
    public var proxies = ProxySpecification()
    public var head = HeadSpecification()
    public var tuning = TuningSpecification.frozen
    public var loss = LossSpecification.standard
    public var optimizer = OptimizerSpecification()
    public var schedule = ScheduleSpecification()
    public var training = TrainingOptions()
    public var evaluation = EvaluationOptions()
    /// Where values that are not defaults came from, by `command.option`: `prompts.n`.
    public var provenance: [String: Provenance] = [:]
    /// A model file whose values training starts from; nil starts from the seed.
    public var startsFrom: String?

    /// The paper's defaults: VPTSP-G as trained on CUB-200-2011 with a ViT-S/16.
    public init() {}

    /// Checks the values against each other.
    /// - Parameter depth: blocks of the backbone, where one is loaded.
    /// - Throws: ``ExperimentError``.
    public func validate(depth: Int? = nil) throws {
        if let threads, !(1...1024).contains(threads) {
            throw ExperimentError(.specification, "threads \(threads) must be 1 to 1024")
        }
        try backbone?.validate()
        try data?.validate()
        try augmentation.validate()
        try prompts.validate(depth: depth)
        try proxies.validate(depth: depth)
        try head.validate()
        try optimizer.validate()
        try schedule.validate()
        try training.validate()
        try evaluation.validate()
    }

    /// Replaces prompts, proxies and tuning by those of a row of the paper's table.
    /// - Parameter bitfit: trains every bias of the backbone too: the "(B)" rows.
    public mutating func applyMethod(_ method: MethodPreset, bitfit: Bool = false) {
        prompts = PromptSpecification(isOn: method.hasPrompts)
        proxies = ProxySpecification(kind: method.proxies)
        tuning = bitfit && method.tuning == .frozen ? .bitfit : method.tuning
    }

    /// The preset that the parts amount to; nil for a mixture without a name.
    public var method: MethodPreset? {
        MethodPreset.allCases.first {
            $0.hasPrompts == prompts.isOn && $0.proxies == proxies.kind && $0.tuning == tuning
        }
    }
}

/// The rows of the paper's table (Ren et al. 2024, table 1).
public enum MethodPreset: String, Codable, Sendable, CaseIterable {
    case linear, bitfit, vpt
    case vptspM = "vptsp-m"
    case vptspG = "vptsp-g"
    case full

    var hasPrompts: Bool {
        switch self {
        case .linear, .bitfit, .full: false
        case .vpt, .vptspM, .vptspG: true
        }
    }

    var proxies: ProxySpecification.Kind {
        switch self {
        case .linear, .bitfit, .vpt, .full: .none
        case .vptspM: .mean
        case .vptspG: .gru
        }
    }

    var tuning: TuningSpecification {
        switch self {
        case .bitfit: .bitfit
        case .full: .full
        case .linear, .vpt, .vptspM, .vptspG: .frozen
        }
    }
}
