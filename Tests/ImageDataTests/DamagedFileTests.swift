import Foundation
import ImageData
import RandomStreams
import Testing

/// Foreign bytes are decoded or refused; nothing that they hold may trap, hang or read beyond them.
struct DamagedFileTests {
    @Test(arguments: PillowCases.all?.decode ?? [])
    func everyTruncationIsRefusedOrWhole(_ sample: PillowCases.Decode) throws {
        let bytes = Array(sample.file)
        for count in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 200)) {
            do {
                let image = try ImageDecoder.decode(Array(bytes[..<count]), name: sample.name)
                #expect(image.pixels == Array(sample.rgb), "\(count) of \(bytes.count) bytes gave other pixels without an error")
            } catch let error as ImageError {
                #expect(!error.reason.isEmpty)
            }
        }
    }

    @Test(arguments: PillowCases.all?.decode ?? [])
    func mutationsNeverTrap(_ sample: PillowCases.Decode) throws {
        let original = Array(sample.file)
        for round in 0..<150 {
            let bytes = damaged(original, round: round)
            do {
                let image = try ImageDecoder.decode(bytes, name: sample.name)
                #expect(image.pixels.count == image.width * image.height * 3)
            } catch let error as ImageError {
                #expect(!error.reason.isEmpty)
            }
        }
    }
}

/// The bytes with up to 6 of them changed, removed or repeated; the same for the same round.
func damaged(_ original: [UInt8], round: Int) -> [UInt8] {
    var stream = RandomStream(seed: 7, purpose: .testing, epoch: round, item: original.count)
    var bytes = original
    for _ in 0...stream.below(6) {
        let at = stream.below(bytes.count)
        switch stream.below(4) {
        case 0: bytes[at] = UInt8(stream.below(256))
        case 1: bytes[at] ^= 1 << UInt8(stream.below(8))
        case 2: bytes.remove(at: at)
        default: bytes.insert(contentsOf: bytes[at..<min(at + 1 + stream.below(9), bytes.count)], at: at)
        }
        if bytes.isEmpty { break }
    }
    return bytes
}
