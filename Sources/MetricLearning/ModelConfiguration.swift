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
    /// Proxies made from images; nil for learned proxies alone.
    public var semantic: SemanticConfiguration?
    /// Share of the learned proxies O in the final ones, 0 to 1; without semantic proxies they are all there is.
    public var alpha: Float
    public var range: ProxyRange

    public init(
        classes: Int, backbone: BackboneTuning = .frozen, head: HeadConfiguration = HeadConfiguration(), prompts: PromptConfiguration? = nil,
        semantic: SemanticConfiguration? = nil, alpha: Float = 0.5, range: ProxyRange = .all
    ) {
        (self.classes, self.backbone, self.head, self.prompts) = (classes, backbone, head, prompts)
        (self.semantic, self.alpha, self.range) = (semantic, alpha, range)
    }
}

/// The rows of the paper's table as presets (method section 6).
public enum Method: String, Codable, Sendable, CaseIterable {
    case linear, bitfit, vpt, full
    case vptspM = "vptsp-m"
    case vptspG = "vptsp-g"

    /// The preset with 12 x 10 prompts and 12 x 3 class prompts, cut to a backbone of fewer blocks.
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
        let classPrompts = PromptConfiguration(layers: min(12, depth), count: 3)
        if self == .vptspM { result.semantic = SemanticConfiguration(integration: .mean(), classPrompts: classPrompts) }
        if self == .vptspG { result.semantic = SemanticConfiguration(integration: .gru(), classPrompts: classPrompts) }
        return result
    }
}
