/// Proxy-Anchor (Kim et al., CVPR 2020) over embeddings and proxies.
public struct LossSpecification: Codable, Equatable, Sendable {
    public enum Mode: String, Codable, Equatable, Sendable, CaseIterable {
        /// Reduces over the samples of each proxy.
        case anchor
        /// Reduces over the proxies of each sample.
        case nca
    }
    public enum Divisor: String, Codable, Equatable, Sendable, CaseIterable {
        /// The positive term divides by the number of classes, as the authors' program does.
        case all
        /// By the classes present in the batch, as Kim et al. write it.
        case present
    }

    public var mode: Mode
    /// Sharpness a.
    public var sharpness: Double
    /// Margin d.
    public var margin: Double
    public var divisor: Divisor

    public init(mode: Mode = .anchor, sharpness: Double = 32, margin: Double = 0.1, divisor: Divisor = .all) {
        self.mode = mode
        self.sharpness = sharpness
        self.margin = margin
        self.divisor = divisor
    }

    public func validate() throws {
        guard sharpness > 0, sharpness.isFinite else {
            throw ExperimentError(.specification, "loss alpha=\(sharpness) must be above 0", help: ["the paper takes 32"])
        }
        guard (0...1).contains(margin) else {
            throw ExperimentError(.specification, "loss delta=\(margin) is a margin on the cosine: 0 to 1", help: ["the paper takes 0.1"])
        }
    }
}
