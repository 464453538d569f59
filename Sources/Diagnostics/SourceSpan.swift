/// A stretch of source text: bytes `lower ..< upper` of one file of a ``SourceMap``.
public struct SourceSpan: Hashable, Sendable {
    /// Index of the file in its ``SourceMap``.
    public var file: Int
    /// UTF-8 offset of the first byte.
    public var lower: Int
    /// UTF-8 offset after the last byte; equal to `lower` for a place between two bytes.
    public var upper: Int

    public init(file: Int, lower: Int, upper: Int) {
        self.file = file
        self.lower = lower
        self.upper = max(lower, upper)
    }

    /// The smallest span that covers both; `self` when the other lies in another file.
    public func union(_ other: SourceSpan) -> SourceSpan {
        guard other.file == file else { return self }
        return SourceSpan(file: file, lower: min(lower, other.lower), upper: max(upper, other.upper))
    }
}
