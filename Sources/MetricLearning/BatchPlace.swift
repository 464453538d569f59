public import RandomStreams

/// Which batch of a training this is. What a step draws at random is a function of it, so that a training taken up again
/// draws what it would have drawn.
public struct BatchPlace: Equatable, Sendable {
    public var seed: UInt64
    public var epoch: Int
    /// Within the epoch, from 0.
    public var step: Int

    public init(seed: UInt64 = 0, epoch: Int = 0, step: Int = 0) {
        (self.seed, self.epoch, self.step) = (seed, epoch, step)
    }

    /// The numbers that this batch draws for a purpose.
    public func stream(_ purpose: RandomPurpose) -> RandomStream {
        RandomStream(seed: seed, purpose: purpose, epoch: epoch, item: step)
    }
}
