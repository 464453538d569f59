import RandomStreams
import Testing

@Suite struct PhiloxTests {
    /// Known answers of the Random123 distribution (kat_vectors, philox4x32 10).
    @Test func knownAnswers() {
        #expect(Philox.block(counter: SIMD4(0, 0, 0, 0), key: SIMD2(0, 0)) == SIMD4(0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8))
        let ones = UInt32.max
        #expect(Philox.block(counter: SIMD4(ones, ones, ones, ones), key: SIMD2(ones, ones)) == SIMD4(0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD))
    }
}
