import VectorKernels

/// The first columns of a matrix for a backward pass. Of f32 it keeps 16 bits a value, in fixed point with a step for each group of
/// columns: a value is off by 2^-16 of its group's largest at most. A matrix in bf16 is kept as it is.
struct KeptRows {
    private let columns, group: Int
    /// (rows, width) in bf16, or (rows, columns) in fixed point.
    private let values: Tensor
    /// (rows, columns / group); nil for bf16.
    private let steps: Tensor?

    /// Room for the rows, which ``keep(_:rows:groups:)`` fills.
    /// - Parameter columns: a multiple of `group`
    init(_ matrix: Tensor, columns: Int, group: Int) {
        (self.columns, self.group) = (columns, group)
        let isFixed = matrix.format == .f32
        values = isFixed ? Tensor(sixteenBits: [matrix.rowCount, columns]) : matrix
        steps = isFixed ? Tensor(uninitialized: [matrix.rowCount, columns / group]) : nil
    }

    /// - Parameter groups: of columns; those that are not kept are passed over
    func keep(_ matrix: Tensor, rows: Range<Int>, groups: some Sequence<Int>) {
        guard let steps else { return }
        let (width, count) = (matrix.width, columns / group)
        for g in groups where g < count {
            vk_to_fixed(
                matrix.pointer + rows.lowerBound * width + g * group, Int64(width), Int64(rows.count), Int64(group),
                values.halfPointer + rows.lowerBound * columns + g * group, Int64(columns), steps.pointer + rows.lowerBound * count + g, Int64(count))
        }
    }

    /// Some rows in the matrix's own format, `stride` values from one to the next; beside the groups that are asked for and were kept they hold anything.
    func rows(_ range: Range<Int>, groups: some Sequence<Int>, stride: Int, scratch: inout Scratch) -> UnsafeRawPointer {
        guard let steps else { return UnsafeRawPointer(values.raw(at: range.lowerBound * stride)) }
        let count = columns / group
        let result = scratch.floats(range.count * stride)
        for g in groups where g < count {
            vk_from_fixed(
                values.halfPointer + range.lowerBound * columns + g * group, Int64(columns), steps.pointer + range.lowerBound * count + g, Int64(count),
                Int64(range.count), Int64(group), result + g * group, Int64(stride))
        }
        return UnsafeRawPointer(result)
    }
}
