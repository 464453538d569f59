/// The Philox 4x32-10 counter-based random function (Salmon et al., *Parallel Random Numbers: As Easy as 1, 2, 3*, SC 2011).
///
/// A block of four 32-bit words is a pure function of a 128-bit counter and a 64-bit key, so any number of any stream
/// can be computed without the ones before it: loading in parallel and resuming exactly both rest on this.
public enum Philox {
    /// Four words for one counter and key.
    public static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
        var counter = counter
        var key = key
        for _ in 0..<10 {
            let low = UInt64(counter.x) * 0xD251_1F53
            let high = UInt64(counter.z) * 0xCD9E_8D57
            counter = SIMD4(
                UInt32(truncatingIfNeeded: high >> 32) ^ counter.y ^ key.x,
                UInt32(truncatingIfNeeded: high),
                UInt32(truncatingIfNeeded: low >> 32) ^ counter.w ^ key.y,
                UInt32(truncatingIfNeeded: low))
            key = SIMD2(key.x &+ 0x9E37_79B9, key.y &+ 0xBB67_AE85)
        }
        return counter
    }
}
