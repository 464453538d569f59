public import MetricLearning

/// Everything the commands before `train` set. An experiment's result is a function of this value, the data's bytes,
/// the weights' bytes and the program.
public struct ExperimentSpecification: Codable, Equatable, Sendable {
    /// Seed of every random number.
    public var seed: UInt64 = 0
    /// Threads; results do not depend on it. Nil takes one for each processor.
    public var threads: Int?
    /// Of the network's products; nil takes f32 by OpenBLAS.
    public var precision: PrecisionSpecification?
    public var backbone: BackboneSpecification?
    public var data: DataSpecification?
    public var augmentation = AugmentationSpecification()
    public var prompts = PromptSpecification()
    /// Nil leaves them out.
    public var adapter: AdapterSpecification?
    /// Nil leaves them out.
    public var lora: LowRankSpecification?
    public var proxies = ProxySpecification()
    public var head = HeadSpecification()
    public var tuning = TuningSpecification.frozen
    public var loss = LossSpecification.standard
    public var optimizer = OptimizerSpecification()
    public var schedule = ScheduleSpecification()
    public var training = TrainingOptions()
    public var evaluation = EvaluationOptions()
    /// Nil leaves it to the run's own folder.
    public var tracking: TrackingSpecification?
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
        try adapter?.validate(depth: depth)
        try lora?.validate(depth: depth)
        try proxies.validate(depth: depth)
        try head.validate()
        try optimizer.validate()
        try schedule.validate()
        try training.validate()
        try evaluation.validate()
        try tracking?.validate()
    }

    /// Checks what commands can only say one after the other; what they set may contradict each other on the way.
    /// - Throws: ``ExperimentError``.
    func validateModel() throws {
        guard lora != nil, tuning.isFull else { return }
        throw ExperimentError(
            .specification, "lora updates weights that are frozen, but `tune full` trains them", help: ["`tune none`, or `lora none`"])
    }

    /// Replaces prompts, adapters, low-rank updates, proxies and tuning by those of a row of the paper's tables, and for its
    /// rivals head, loss and optimiser too; where the backbone has fewer blocks than the row has adapters, each gets one.
    /// - Parameter bitfit: trains every bias of the backbone too: the "(B)" rows.
    public mutating func applyMethod(_ method: MethodPreset, bitfit: Bool = false) {
        prompts = PromptSpecification(isOn: method.hasPrompts)
        adapter = method == .adapter ? AdapterSpecification(layers: min(7, backbone?.depth ?? 7)) : nil
        lora = method == .lora ? LowRankSpecification() : nil
        proxies = ProxySpecification(kind: method.proxies)
        tuning = bitfit && method.tuning == .frozen ? .bitfit : method.tuning
        if let rival = method.rival { (head, loss, optimizer) = (rival.head, rival.loss, rival.optimizer) }
    }

    /// The preset that the parts amount to; nil for a mixture without a name.
    public var method: MethodPreset? {
        MethodPreset.allCases.first { isBuilt(like: $0) && $0.tuning == tuning }
    }

    /// The same with what was added to it: `vpt`, `vpt bitfit`; nil for a mixture without a name.
    public var methodName: String? {
        if let method { return method.rawValue }
        guard tuning == .bitfit else { return nil }
        return MethodPreset.allCases.first { isBuilt(like: $0) && $0.tuning == .frozen }.map { $0.rawValue + " bitfit" }
    }

    private func isBuilt(like method: MethodPreset) -> Bool {
        method.hasPrompts == prompts.isOn && method.proxies == proxies.kind && (method == .adapter) == (adapter != nil)
            && (method == .lora) == (lora != nil) && (method.rival.map { $0.head == head && $0.loss.name == loss.name } ?? true)
    }
}

/// The rows of the paper's tables (Ren et al. 2024, tables 1 and 2).
public enum MethodPreset: String, Codable, Sendable, CaseIterable {
    case linear, bitfit, adapter, lora, vpt
    case vptspM = "vptsp-m"
    case vptspG = "vptsp-g"
    case hypViT = "hyp-vit"
    case rsAtK = "rs-at-k"
    case full

    var hasPrompts: Bool {
        switch self {
        case .linear, .bitfit, .adapter, .lora, .hypViT, .rsAtK, .full: false
        case .vpt, .vptspM, .vptspG: true
        }
    }

    var proxies: ProxySpecification.Kind {
        switch self {
        case .linear, .bitfit, .adapter, .lora, .vpt, .hypViT, .rsAtK, .full: .none
        case .vptspM: .mean
        case .vptspG: .gru
        }
    }

    var tuning: TuningSpecification {
        switch self {
        case .bitfit: .bitfit
        case .full, .rsAtK: .full
        case .hypViT: .fullButPatchEmbedding
        case .linear, .adapter, .lora, .vpt, .vptspM, .vptspG: .frozen
        }
    }
}
