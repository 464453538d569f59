/// A setting or a batch that metric learning cannot work with: what was given, and what would do.
public struct MetricLearningError: Error, Equatable, CustomStringConvertible, Sendable {
    public let description: String

    public init(_ description: String) { self.description = description }
}
