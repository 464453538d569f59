import Testing
import VectorKernels

/// What a backward pass finds of rows that were kept in fixed point.
@Suite struct FixedPointTests {
    /// Off by half a step at most, each group on its own scale; zeros, and what is too small for a scale, come back as zeros.
    @Test(arguments: [1, 7, 16, 33], [16, 24]) func eachGroupOnItsOwnScale(group: Int, bits: Int) {
        let (rows, columns, stride) = (3, 2 * group, 3 * group + 1)
        var values = random([rows, stride], "fixed \(group)").array()
        for column in group..<columns { values[column] *= 1e-20 }
        for column in 0..<group { values[stride + column] = column % 2 == 0 ? 0 : 1e-36 }
        let found = keptAndRead(values, rows: rows, group: group, groups: 2, stride: stride, hasRest: bits == 24)
        for row in 0..<rows {
            for start in [0, group] {
                let places = (0..<group).map { row * stride + start + $0 }
                let largest = places.reduce(0) { max($0, abs(values[$1])) }
                for place in places {
                    // Half a step, and the rounding of what is computed with it.
                    #expect(largest > 1e-30 ? abs(found[place] - values[place]) <= largest * (bits == 24 ? 2e-7 : 1.54e-5) : found[place] == 0)
                }
            }
            // What was not kept stays as it was.
            #expect(found[row * stride + columns..<(row + 1) * stride].allSatisfy { $0 == 7 })
        }
    }

    private func keptAndRead(_ values: [Float], rows: Int, group: Int, groups: Int, stride: Int, hasRest: Bool) -> [Float] {
        let columns = groups * group
        let upper = UnsafeMutablePointer<UInt16>.allocate(capacity: rows * columns)
        let rest = hasRest ? UnsafeMutablePointer<UInt8>.allocate(capacity: rows * columns) : nil
        let steps = UnsafeMutablePointer<Float>.allocate(capacity: rows * groups)
        let x = UnsafeMutablePointer<Float>.allocate(capacity: rows * stride)
        defer {
            upper.deallocate()
            rest?.deallocate()
            steps.deallocate()
            x.deallocate()
        }
        for part in 0..<groups {
            let at = part * group
            x.update(from: values, count: rows * stride)
            vk_to_fixed(x + at, Int64(stride), Int64(rows), Int64(group), upper + at, rest.map { $0 + at }, Int64(columns), steps + part, Int64(groups))
        }
        for place in 0..<rows * stride { x[place] = 7 }
        for part in 0..<groups {
            let at = part * group
            vk_from_fixed(upper + at, rest.map { $0 + at }, Int64(columns), steps + part, Int64(groups), Int64(rows), Int64(group), x + at, Int64(stride))
        }
        return (0..<rows * stride).map { x[$0] }
    }
}
