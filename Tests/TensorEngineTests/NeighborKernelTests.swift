import RandomStreams
import Testing
import VectorKernels

/// The scans of similarities against their definition, at every length around the lanes' width.
@Suite struct NeighborKernelTests {
    private func values(_ count: Int, _ name: String) -> [Float] {
        var stream = RandomStream(seed: 1, purpose: .testing, name: name)
        return (0..<count).map { $0 % 13 == 5 ? .nan : Float(stream.below(9)) - 4 }
    }

    @Test(arguments: [0, 1, 15, 16, 17, 63, 64, 65, 200]) func candidatesAreThoseThatReachABar(count: Int) {
        let (s, bars) = (values(count, "s"), values(count, "bars"))
        var found = [Int32](repeating: -1, count: count + 1)
        for bar: Float in [.infinity, 3, -.infinity] {
            #expect(found[..<Int(vk_candidates(s, Int64(count), bar, nil, &found))] == s.indices.filter { s[$0] >= bar }.map { Int32($0) }[...])
            let expected = s.indices.filter { s[$0] >= bar || s[$0] >= bars[$0] }.map { Int32($0) }
            #expect(found[..<Int(vk_candidates(s, Int64(count), bar, bars, &found))] == expected[...])
        }
    }

    @Test(arguments: [0, 1, 15, 16, 17, 63, 64, 65, 200]) func largerOnesAreCountedAndTiesNamed(count: Int) {
        let (s, marks) = (values(count, "s"), values(count, "marks"))
        var ties = [Int32](repeating: -1, count: count + 1)
        var equal: Int64 = -1
        for mark: Float in [.infinity, 2, -.infinity] {
            #expect(Int(vk_count_larger(s, Int64(count), mark, nil, nil, &ties, &equal)) == s.count { $0 > mark })
            #expect(ties[..<Int(equal)] == s.indices.filter { s[$0] == mark }.map { Int32($0) }[...])
            var counts = [Int32](repeating: 7, count: count + 1)
            #expect(Int(vk_count_larger(s, Int64(count), mark, marks, &counts, &ties, &equal)) == s.count { $0 > mark })
            #expect(counts == s.indices.map { s[$0] > marks[$0] ? 8 : 7 } + [7])
            #expect(ties[..<Int(equal)] == s.indices.filter { s[$0] == mark || s[$0] == marks[$0] }.map { Int32($0) }[...])
        }
    }
}
