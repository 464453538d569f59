import VisionTransformers

/// Everything that says which model is trained and what of it learns.
public struct ModelConfiguration: Codable, Equatable, Sendable {
    /// The classes whose proxies enter a batch's loss.
    public enum ProxyRange: String, Codable, Sendable, CaseIterable {
        case all
        /// Only the classes of the batch.
        case batch
    }

    /// C, training classes.
    public var classes: Int
    public var backbone: BackboneTuning
    public var head: HeadConfiguration
    /// Prompts shared by all images; nil for none.
    public var prompts: PromptConfiguration?
    /// Bottlenecks in the last blocks; nil for none.
    public var adapters: AdapterConfiguration?
    /// Low-rank updates of frozen weights; nil for none.
    public var lowRank: LowRankConfiguration?
    /// Proxies made from images; nil for learned proxies alone.
    public var semantic: SemanticConfiguration?
    /// Share of the learned proxies O in the final ones, 0 to 1; without semantic proxies they are all there is.
    public var alpha: Float
    public var range: ProxyRange

    public init(
        classes: Int, backbone: BackboneTuning = .frozen, head: HeadConfiguration = HeadConfiguration(), prompts: PromptConfiguration? = nil,
        adapters: AdapterConfiguration? = nil, lowRank: LowRankConfiguration? = nil, semantic: SemanticConfiguration? = nil, alpha: Float = 0.5,
        range: ProxyRange = .all
    ) {
        (self.classes, self.backbone, self.head, self.prompts) = (classes, backbone, head, prompts)
        (self.adapters, self.lowRank) = (adapters, lowRank)
        (self.semantic, self.alpha, self.range) = (semantic, alpha, range)
    }
}

/// The rows of the paper's table as presets (method section 6).
public enum Method: String, Codable, Sendable, CaseIterable {
    case linear, bitfit, adapter, lora, vpt, full
    case vptspM = "vptsp-m"
    case vptspG = "vptsp-g"

    /// The preset with 12 x 10 prompts, 12 x 3 class prompts, 7 adapters of 256, cut to a backbone of fewer blocks; updates
    /// of rank 8 to q and v of every block.
    ///
    /// - Parameter bitfit: every bias of the backbone learns too: the table's "(B)" rows.
    public func configuration(classes: Int, depth: Int = 12, bitfit: Bool = false, head: HeadConfiguration = HeadConfiguration()) -> ModelConfiguration {
        var result = ModelConfiguration(classes: classes, head: head)
        switch self {
        case .full: result.backbone = .full
        case .bitfit: result.backbone = .biases
        default: result.backbone = bitfit ? .biases : .frozen
        }
        if self == .vpt || self == .vptspM || self == .vptspG { result.prompts = PromptConfiguration(layers: min(12, depth), count: 10) }
        if self == .adapter { result.adapters = AdapterConfiguration(layers: min(7, depth)) }
        if self == .lora { result.lowRank = LowRankConfiguration(layers: depth) }
        let classPrompts = PromptConfiguration(layers: min(12, depth), count: 3)
        if self == .vptspM { result.semantic = SemanticConfiguration(integration: .mean(), classPrompts: classPrompts) }
        if self == .vptspG { result.semantic = SemanticConfiguration(integration: .gru(), classPrompts: classPrompts) }
        return result
    }
}
