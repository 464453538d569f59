import VectorKernels

/// The first columns of a matrix for a backward pass. Of f32 it keeps 24 bits a value, in fixed point with a step for each group of
/// columns: a value is off by 2^-24 of its group's largest at most. A matrix in bf16 is kept as it is.
struct KeptRows {
    private enum Values {
        case asTheyAre(Tensor)
        /// (rows, columns), and the steps (rows, columns / group).
        case fixed(FixedPoint, steps: Tensor)
    }

    private let columns, group: Int
    private let values: Values

    /// Room for the rows, which ``keep(_:rows:groups:)`` fills.
    /// - Parameter columns: a multiple of `group`
    init(_ matrix: Tensor, columns: Int, group: Int) {
        (self.columns, self.group) = (columns, group)
        let rows = matrix.rowCount
        values = matrix.format == .f32
            ? .fixed(FixedPoint(rows * columns, isShort: false), steps: Tensor(uninitialized: [rows, columns / group])) : .asTheyAre(matrix)
    }

    /// - Parameter groups: of columns; those that are not kept are passed over
    func keep(_ matrix: Tensor, rows: Range<Int>, groups: some Sequence<Int>) {
        guard case .fixed(let fixed, let steps) = values else { return }
        let (width, count) = (matrix.width, columns / group)
        for g in groups where g < count {
            let at = rows.lowerBound * columns + g * group
            vk_to_fixed(
                matrix.pointer + rows.lowerBound * width + g * group, Int64(width), Int64(rows.count), Int64(group), fixed.upper(at: at), fixed.rest(at: at),
                Int64(columns), steps.pointer + rows.lowerBound * count + g, Int64(count))
        }
    }

    /// Some rows in the matrix's own format, `stride` values from one to the next; beside the groups that are asked for and were kept they hold anything.
    func rows(_ range: Range<Int>, groups: some Sequence<Int>, stride: Int, scratch: inout Scratch) -> UnsafeRawPointer {
        switch values {
        case .asTheyAre(let matrix): return UnsafeRawPointer(matrix.raw(at: range.lowerBound * stride))
        case .fixed(let fixed, let steps):
            let count = columns / group
            let result = scratch.floats(range.count * stride)
            for g in groups where g < count {
                let at = range.lowerBound * columns + g * group
                vk_from_fixed(
                    fixed.upper(at: at), fixed.rest(at: at), Int64(columns), steps.pointer + range.lowerBound * count + g, Int64(count),
                    Int64(range.count), Int64(group), result + g * group, Int64(stride))
            }
            return UnsafeRawPointer(result)
        }
    }
}
