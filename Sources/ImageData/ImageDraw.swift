/// One image of a batch: a position in the items, and how often the batch drew it before. Both say which random numbers
/// it gets, so that a class with too few images has a crop of its own for each drawing, however the batch is cut up.
struct ImageDraw: Sendable {
    let index: Int
    let repetition: Int

    static func draws(of batch: [Int]) -> [ImageDraw] {
        var seen: [Int: Int] = [:]
        return batch.map { index in
            defer { seen[index, default: 0] += 1 }
            return ImageDraw(index: index, repetition: seen[index, default: 0])
        }
    }
}
