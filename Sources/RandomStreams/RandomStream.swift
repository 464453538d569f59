import Foundation

/// What a stream of random numbers is for. Two purposes never share numbers, whatever their seed, epoch and item.
public enum RandomPurpose: UInt32, Sendable, CaseIterable {
    case initialization = 1
    case sampling = 2
    case augmentation = 3
    case dropout = 4
    case split = 5
    case testing = 6
    /// Values that a sweep draws.
    case search = 12
    /// Which pairs and triplets of a batch enter a loss.
    case mining = 7
    /// In what shares images of a class are mixed.
    case mixing = 8
    /// Where k-means begins.
    case clustering = 10
    /// Which queries a bootstrap draws.
    case resampling = 11
}

/// A stream of random numbers that is a function of (seed, purpose, epoch, item) and of nothing that happened before.
///
///     var stream = RandomStream(seed: 0, purpose: .augmentation, epoch: 3, item: 1207)
///     let flip = stream.uniform() < 0.5
public struct RandomStream: RandomNumberGenerator, Sendable {
    private let key: SIMD2<UInt32>
    private var counter: SIMD4<UInt32>
    private var block = SIMD4<UInt32>()
    private var used = 4
    private var spareNormal: Double?

    /// - Parameters:
    ///   - epoch: any integer; its low 24 bits are used.
    ///   - item: any integer; its low 32 bits are used (an image's index, a parameter's number).
    public init(seed: UInt64, purpose: RandomPurpose, epoch: Int = 0, item: Int = 0) {
        key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
        let epochBits = UInt32(truncatingIfNeeded: epoch) & 0x00FF_FFFF
        counter = SIMD4(0, 0, UInt32(truncatingIfNeeded: item), purpose.rawValue << 24 | epochBits)
    }

    /// A stream named by a string, for values that belong to a name (a parameter's initial value).
    public init(seed: UInt64, purpose: RandomPurpose, name: String) {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325  // FNV-1a, 64 bits
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        self.init(seed: seed, purpose: purpose, epoch: Int(truncatingIfNeeded: hash >> 32), item: Int(truncatingIfNeeded: hash))
    }

    private mutating func nextWord() -> UInt32 {
        if used == 4 {
            block = Philox.block(counter: counter, key: key)
            counter.x &+= 1
            if counter.x == 0 { counter.y &+= 1 }
            used = 0
        }
        used += 1
        return block[used - 1]
    }

    public mutating func next() -> UInt64 {
        let low = UInt64(nextWord())
        return low | UInt64(nextWord()) << 32
    }

    /// Uniform in [0, 1), 53 bits.
    public mutating func uniform() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// Uniform in [range.lowerBound, range.upperBound).
    public mutating func uniform(in range: ClosedRange<Double>) -> Double {
        range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
    }

    /// Uniform among 0, 1, ..., bound - 1; 0 when `bound` is below 1. Multiplication instead of a remainder keeps it unbiased to 2^-32.
    public mutating func below(_ bound: Int) -> Int {
        guard bound > 1 else { return 0 }
        return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// Standard normal (Box-Muller).
    public mutating func normal() -> Double {
        if let spare = spareNormal {
            spareNormal = nil
            return spare
        }
        let radius = (-2 * log(1 - uniform())).squareRoot()
        let angle = 2 * Double.pi * uniform()
        spareNormal = radius * sin(angle)
        return radius * cos(angle)
    }

    /// Passes over `count` normal numbers of a stream that nothing was taken from yet, at the cost of at most one: two of
    /// them are one block.
    public mutating func skip(normals count: Int) {
        let blocks = UInt64(counter.x) + UInt64(counter.y) << 32 &+ UInt64(max(count, 0) / 2)
        (counter.x, counter.y) = (UInt32(truncatingIfNeeded: blocks), UInt32(truncatingIfNeeded: blocks >> 32))
        if count % 2 == 1 { _ = normal() }
    }

    /// 0, 1, ..., count - 1 in random order (Fisher-Yates).
    public mutating func permutation(_ count: Int) -> [Int] {
        var order = Array(0..<max(count, 0))
        guard order.count > 1 else { return order }
        for last in stride(from: order.count - 1, to: 0, by: -1) {
            order.swapAt(last, below(last + 1))
        }
        return order
    }
}
