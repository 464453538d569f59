import VectorKernels

/// Where everything lies in memory, and attention's two passes for some heads of one image. Scores exist for one head of one image at a time.
///
/// Scores and sums are f32. In bf16 probabilities and their slopes are rounded on their way into the next product, and matrices are
/// given zeros up to whole blocks: oneDNN's kernels run at half of their rate where a block is left over.
struct AttentionLayout {
    let batch, tokens, queries, prefix, heads, headWidth: Int
    /// Distances between rows of keys and values, and of queries.
    let stride, queryStride: Int
    let keyOffset: Int
    let groups: [Int]
    /// Of queries, keys, values and output.
    let format: ElementFormat

    var width: Int { heads * headWidth }
    var columns: Int { prefix + tokens }
    var scale: Float { 1 / Float(headWidth).squareRoot() }

    /// Columns of scores with the zeros after them; rows start on a cache line.
    private func blocked(columns: Int) -> Int { format == .f32 ? (columns + 15) & ~15 : (columns + 31) & ~31 }
    /// Rows of scores that products over queries read.
    private var blockedQueries: Int { format == .f32 || queries == 1 ? queries : (queries + 15) & ~15 }

    /// Rows in memory, and the distance between them in elements.
    private struct RowsInMemory {
        let start: UnsafeRawPointer
        let stride: Int
        let format: ElementFormat

        func matrix(column: Int, transposed: Bool = false) -> ProductOperand {
            ProductOperand(start: start + column * format.size, row: transposed ? 1 : stride, column: transposed ? stride : 1)
        }
    }

    /// What threads take up one by one: an image and some of its heads, by shapes and processor alone. A kernel works on one head at a time, and the
    /// libraries' products on rows that all heads of an image share.
    func parts(_ engine: Engine) -> [(image: Int, heads: Range<Int>)] {
        let each = kernel(engine) == nil ? heads : 1
        return (0..<batch).flatMap { image in (0..<heads / each).map { (image, $0 * each..<($0 + 1) * each) } }
    }

    /// Where a row has the columns of some heads, in heads' widths from its start.
    func columnGroups(of some: Range<Int>) -> [Int] { (0..<stride / width).flatMap { part in some.map { part * heads + $0 } } }

    /// Where an image's queries begin, and its keys and values.
    struct ImageRows {
        let queries, keysValues: UnsafeRawPointer
    }

    /// - Parameters: queries, rows: the starts of the image's own; in one matrix both are the same
    func rows(queries: UnsafeRawPointer, rows: UnsafeRawPointer) -> ImageRows {
        ImageRows(queries: queries, keysValues: rows + keyOffset * format.size)
    }

    func rows(image: Int, q: Tensor, kv: Tensor) -> ImageRows {
        rows(queries: q.raw(at: image * queries * queryStride), rows: kv.raw(at: image * tokens * stride))
    }

    func forward(image: Int, heads some: Range<Int>, _ engine: Engine, rows: ImageRows, prefix p: Tensor?, output: Tensor, logSums: Tensor) throws {
        defer { ProductCount.add(queries, columns, 2 * some.count * headWidth) }
        if let kernel = kernel(engine) { return forward(by: kernel, image: image, heads: some, rows: rows, prefix: p, output: output, logSums: logSums) }
        var scratch = Scratch()
        let ld = blocked(columns: columns)
        let (keys, read) = seen(image: image, rows: rows, prefix: p, own: true, scratch: &scratch)
        let asking = RowsInMemory(start: rows.queries, stride: queryStride, format: format)
        let scores = scratch.floats(queries * ld)
        let probabilities = format == .f32 ? UnsafeMutableRawPointer(scores) : scratch.bytes(queries * ld * format.size)
        let weights = RowsInMemory(start: probabilities, stride: ld, format: format)
        for head in some {
            let at = head * headWidth
            try product(engine, queries, read, headWidth, asking.matrix(column: at), keys.matrix(column: at, transposed: true), into: scores, ld)
            vk_softmax(
                scores, Int64(queries), Int64(columns), Int64(ld), scale, logSums.pointer + (image * heads + head) * queries, format.rawValue, probabilities)
            try product(
                engine, queries, headWidth, read, weights.matrix(column: 0), keys.matrix(column: width + at), into: output.raw(at: image * queries * width + at),
                width, result: format)
        }
    }

    func backward(
        image: Int, heads some: Range<Int>, _ engine: Engine, rows: ImageRows, prefix p: Tensor?, output: Tensor?, logSums: Tensor, gradient: Tensor,
        dq: Tensor?, dkv: Tensor?, dPrefix: Tensor?
    ) throws {
        // Where only the prefix learns (block 0), its columns are all that is needed: the log-sum-exp was kept.
        let ownColumns = dq != nil || dkv != nil
        let learnsKeys = dPrefix != nil || dkv != nil
        let used = ownColumns ? columns : prefix
        defer { ProductCount.add(queries, used, (2 + (learnsKeys ? 2 : 0) + (dq == nil ? 0 : 1)) * some.count * headWidth) }
        if let kernel = kernel(engine) {
            return backward(
                by: kernel, image: image, heads: some, rows: rows, prefix: p, output: output, logSums: logSums, gradient: gradient, dq: dq, dkv: dkv, dPrefix: dPrefix)
        }
        var scratch = Scratch()
        let (ld, depth) = (blocked(columns: used), blockedQueries)
        let (keys, read) = seen(image: image, rows: rows, prefix: p, own: ownColumns, scratch: &scratch)
        let asking = blocked(
            RowsInMemory(start: rows.queries, stride: queryStride, format: format), rows: queries, to: depth, scratch: &scratch)
        let incoming = blocked(
            RowsInMemory(start: gradient.raw(at: image * queries * width), stride: width, format: format), rows: queries, to: depth, scratch: &scratch)
        let (scores, slopes) = (scratch.floats(depth * ld), scratch.floats(depth * ld))
        let probabilities = format == .f32 ? UnsafeMutableRawPointer(scores) : scratch.bytes(depth * ld * format.size)
        let ds = format == .f32 ? UnsafeMutableRawPointer(slopes) : scratch.bytes(depth * ld * format.size)
        for zeros in [probabilities, ds] {
            (zeros + queries * ld * format.size).initializeMemory(as: UInt8.self, repeating: 0, count: (depth - queries) * ld * format.size)
        }
        let (weights, scoreSlopes) = (RowsInMemory(start: probabilities, stride: ld, format: format), RowsInMemory(start: ds, stride: ld, format: format))
        let delta = scratch.floats(queries)
        let dKeysValues = learnsKeys ? scratch.floats(used * 2 * headWidth) : nil

        for head in some {
            let at = head * headWidth
            try product(engine, depth, read, headWidth, asking.matrix(column: at), keys.matrix(column: at, transposed: true), into: scores, ld)
            try product(engine, depth, read, headWidth, incoming.matrix(column: at), keys.matrix(column: width + at, transposed: true), into: slopes, ld)
            if let output { rowDots(output, gradient, at: image * queries * width + at, into: delta) }
            vk_softmax_slopes(
                scores, slopes, Int64(queries), Int64(used), Int64(ld), scale, logSums.pointer + (image * heads + head) * queries,
                output == nil ? nil : delta, format.rawValue, probabilities, ds)
            if let dKeysValues {
                let rows = 2 * headWidth
                try product(
                    engine, used, headWidth, depth, scoreSlopes.matrix(column: 0, transposed: true), asking.matrix(column: at), into: dKeysValues, rows)
                try product(
                    engine, used, headWidth, depth, weights.matrix(column: 0, transposed: true), incoming.matrix(column: at), into: dKeysValues + headWidth, rows)
                scatter(dKeysValues, image: image, column: at, dkv: dkv, dPrefix: dPrefix)
            }
            if let dq {
                try product(
                    engine, queries, headWidth, read, scoreSlopes.matrix(column: 0), keys.matrix(column: at),
                    into: dq.raw(at: image * queries * queryStride + at), queryStride, result: format)
            }
        }
    }

    /// The images' gradients of a prefix they share, added in image order.
    func sumByGroup(_ partial: Tensor, shape: [Int]) -> Tensor {
        let result = Tensor(zeros: shape)
        let size = prefix * 2 * width
        for (image, group) in groups.enumerated() {
            vk_add(result.pointer + group * size, partial.pointer + image * size, Int64(size))
        }
        return result
    }

    private func product(
        _ engine: Engine, _ m: Int, _ n: Int, _ k: Int, _ a: ProductOperand, _ b: ProductOperand, into c: UnsafeMutableRawPointer, _ row: Int,
        result: ElementFormat = .f32
    ) throws {
        try engine.product(m: m, n: n, k: k, a, b, format: format, into: c, row: row, result: result)
    }

    /// Rows of [key | value] that an image's queries see, and how many of them products read: its own where they lie if nothing
    /// comes before or after them, else a copy with the prefix first and zeros last.
    private func seen(image: Int, rows: ImageRows, prefix p: Tensor?, own ownColumns: Bool, scratch: inout Scratch) -> (rows: RowsInMemory, read: Int) {
        let own = RowsInMemory(start: rows.keysValues, stride: stride, format: format)
        let before = p == nil ? 0 : prefix
        let count = before + (ownColumns ? tokens : 0)
        let total = blocked(columns: count)
        if before == 0, format == .f32 || count == total { return (own, count) }
        let bytes = 2 * width * format.size
        let copy = scratch.bytes(total * bytes)
        if let p, before > 0 { copy.copyMemory(from: p.raw(at: groups[image] * before * 2 * width), byteCount: before * bytes) }
        fill(copy + before * bytes, with: own, rows: ownColumns ? tokens : 0, to: total - before, width: 2 * width)
        return (RowsInMemory(start: copy, stride: 2 * width, format: format), total)
    }

    /// The first `width` columns of rows with zeros after them, in whole blocks; the rows themselves where nothing is missing.
    private func blocked(_ rows: RowsInMemory, rows count: Int, to total: Int, scratch: inout Scratch) -> RowsInMemory {
        guard count < total else { return rows }
        let copy = scratch.bytes(total * width * format.size)
        fill(copy, with: rows, rows: count, to: total, width: width)
        return RowsInMemory(start: copy, stride: width, format: format)
    }

    private func fill(_ copy: UnsafeMutableRawPointer, with rows: RowsInMemory, rows count: Int, to total: Int, width: Int) {
        let bytes = width * format.size
        for row in 0..<count { (copy + row * bytes).copyMemory(from: rows.start + row * rows.stride * format.size, byteCount: bytes) }
        (copy + count * bytes).initializeMemory(as: UInt8.self, repeating: 0, count: (total - count) * bytes)
    }

    /// One head's gradients of keys and values (used, 2 x width of a head) to where they belong.
    private func scatter(_ gradients: UnsafePointer<Float>, image: Int, column: Int, dkv: Tensor?, dPrefix: Tensor?) {
        let size = 2 * headWidth
        if let dPrefix {
            for row in 0..<prefix {
                let to = dPrefix.pointer + (image * prefix + row) * 2 * width + column
                to.update(from: gradients + row * size, count: headWidth)
                (to + width).update(from: gradients + row * size + headWidth, count: headWidth)
            }
        }
        guard let dkv else { return }
        let own = gradients + prefix * size
        for token in 0..<tokens {
            let (from, to) = (own + token * size, (image * tokens + token) * stride + keyOffset + column)
            switch format {
            case .f32:
                (dkv.pointer + to).update(from: from, count: headWidth)
                (dkv.pointer + to + width).update(from: from + headWidth, count: headWidth)
            case .bf16:
                vk_to_bf16(from, dkv.halfPointer + to, Int64(headWidth))
                vk_to_bf16(from + headWidth, dkv.halfPointer + to + width, Int64(headWidth))
            }
        }
    }

    /// Sums of output times gradient over a head's columns.
    func rowDots(_ output: Tensor, _ gradient: Tensor, at: Int, into delta: UnsafeMutablePointer<Float>) {
        let (rows, columns, ld) = (Int64(queries), Int64(headWidth), Int64(width))
        switch format {
        case .f32: vk_row_dots(output.pointer + at, ld, gradient.pointer + at, ld, rows, columns, delta)
        case .bf16: vk_row_dots_bf16(output.halfPointer + at, ld, gradient.halfPointer + at, ld, rows, columns, delta)
        }
    }
}
