import Testing
import VectorKernels

/// What a backward pass finds of rows that were kept in 16 bits.
@Suite struct FixedPointTests {
    /// Off by half a step at most, each group on its own scale; zeros, and what is too small for a scale, come back as zeros.
    @Test(arguments: [1, 7, 16, 33]) func eachGroupOnItsOwnScale(group: Int) {
        let (rows, columns, stride) = (3, 2 * group, 3 * group + 1)
        var values = random([rows, stride], "fixed \(group)").array()
        for column in group..<columns { values[column] *= 1e-20 }
        for column in 0..<group { values[stride + column] = column % 2 == 0 ? 0 : 1e-36 }
        var fixed = [UInt16](repeating: 0, count: rows * columns)
        var steps = [Float](repeating: 0, count: rows * 2)
        var found = [Float](repeating: 7, count: rows * stride)
        for part in 0..<2 {
            let at = part * group
            fixed.withUnsafeMutableBufferPointer { fixed in
                steps.withUnsafeMutableBufferPointer { steps in
                    found.withUnsafeMutableBufferPointer { found in
                        guard let f = fixed.baseAddress, let s = steps.baseAddress, let x = found.baseAddress else { return }
                        values.withUnsafeBufferPointer {
                            guard let from = $0.baseAddress else { return }
                            vk_to_fixed(from + at, Int64(stride), Int64(rows), Int64(group), f + at, Int64(columns), s + part, 2)
                        }
                        vk_from_fixed(f + at, Int64(columns), s + part, 2, Int64(rows), Int64(group), x + at, Int64(stride))
                    }
                }
            }
        }
        for row in 0..<rows {
            for start in [0, group] {
                let places = (0..<group).map { row * stride + start + $0 }
                let largest = places.reduce(0) { max($0, abs(values[$1])) }
                for place in places {
                    #expect(largest > 1e-30 ? abs(found[place] - values[place]) <= largest / 65_500 : found[place] == 0)
                }
            }
            // What was not kept stays as it was.
            #expect(found[row * stride + columns..<(row + 1) * stride].allSatisfy { $0 == 7 })
        }
    }
}
