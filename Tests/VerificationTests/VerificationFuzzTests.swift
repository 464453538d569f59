import Foundation
import Testing
import Verification

/// Damaged lists and tensors give verdicts or errors; nothing traps.
@Suite struct VerificationFuzzTests {
    /// splitmix64 (Steele et al. 2014).
    private struct Dice: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    @Test func damagedLists() throws {
        let folder = try CaseFolder()
        try folder.keep("vptsp-g-adamw", "loss-proxy-anchor", "metrics", "image")
        let whole = Array(try folder.text("cases.json").utf8)
        var dice = Dice(state: 5)
        var (thrown, ran) = (0, 0)
        for _ in 0..<150 {
            var bytes = whole
            for _ in 0...Int.random(in: 0...1, using: &dice) {
                let at = bytes.indices.randomElement(using: &dice) ?? 0
                let digits = bytes.indices.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[$0]) }
                let digit = digits.randomElement(using: &dice) ?? 0
                switch Int.random(in: 0...4, using: &dice) {
                case 0: bytes[at] = UInt8.random(in: 32...126, using: &dice)
                case 1: bytes[digit] = UInt8.random(in: 48...57, using: &dice)
                case 2: bytes.insert(contentsOf: Array("99999999".utf8.prefix(Int.random(in: 1...8, using: &dice))), at: digit)
                case 3: bytes.insert(UInt8(ascii: "-"), at: digit)
                default: bytes.remove(at: at)
                }
            }
            try folder.put(String(decoding: bytes, as: UTF8.self), "cases.json")
            do {
                _ = try folder.run()
                ran += 1
            } catch is VerificationError { thrown += 1 }
        }
        #expect(thrown > 10 && ran > 10)
    }

    @Test func damagedTensors() throws {
        let folder = try CaseFolder()
        try folder.keep("vptsp-g-adamw", "loss-proxy-anchor", "metrics")
        var dice = Dice(state: 6)
        for name in ["vptsp-g-adamw", "loss-proxy-anchor", "metrics"] {
            let whole = Array(try Data(contentsOf: URL(fileURLWithPath: folder.file(name + ".safetensors"))))
            for _ in 0..<40 {
                var bytes = whole
                for _ in 0..<4 {
                    let at = Int.random(in: 0..<min(bytes.count, Bool.random(using: &dice) ? 4000 : bytes.count), using: &dice)
                    bytes[at] = UInt8.random(in: 0...255, using: &dice)
                }
                try Data(bytes).write(to: URL(fileURLWithPath: folder.file(name + ".safetensors")))
                _ = try folder.run()
            }
            try Data(whole).write(to: URL(fileURLWithPath: folder.file(name + ".safetensors")))
        }
    }
}
