/// Damage to bytes, the same for the same seed: flipped bits, overwritten, inserted, removed and repeated spans, cut ends.
struct Mutations {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// splitmix64 (Steele et al. 2014).
    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    private mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }

    /// A damaged copy. Most damage goes into the first `head` bytes, where the descriptions stand.
    mutating func damage(_ bytes: [UInt8], head: Int) -> [UInt8] {
        var bytes = bytes
        for _ in 0...below(3) {
            guard !bytes.isEmpty else { break }
            let at = below(below(4) == 0 ? bytes.count : min(head, bytes.count))
            let span = at..<min(bytes.count, at + 1 + below(12))
            switch below(7) {
            case 0: bytes[at] ^= 1 << UInt8(below(8))
            case 1: bytes[at] = [0, 0xFF, 0x7F, 0x80, UInt8(ascii: "9"), UInt8(ascii: "}"), UInt8(ascii: "-")][below(7)]
            case 2: for i in span { bytes[i] = UInt8(truncatingIfNeeded: next()) }
            case 3: bytes.insert(contentsOf: bytes[span], at: at)
            case 4: bytes.removeSubrange(span)
            case 5: bytes.insert(contentsOf: Array("99999999999".utf8.prefix(1 + below(11))), at: at)
            default: bytes.removeLast(below(bytes.count))
            }
        }
        return bytes
    }
}
