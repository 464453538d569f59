import COneDNN
import VectorKernels

// The two passes for one image over queries, keys and values in bf16. Scores and sums are f32; probabilities and their
// slopes are rounded to bf16 on their way into the next product.
extension AttentionLayout {
    /// Rows of scores, whole cache lines of bf16.
    private var wideStride: Int { (columns + 31) & ~31 }

    /// One product of bf16 matrices on the calling thread; strides count elements.
    private func product(
        m: Int, n: Int, k: Int, _ a: UnsafePointer<UInt16>, _ aRow: Int, _ aColumn: Int, _ b: UnsafePointer<UInt16>, _ bRow: Int, _ bColumn: Int,
        into c: UnsafeMutableRawPointer, _ cRow: Int, _ result: ElementFormat
    ) throws {
        ProductCount.add(m, n, k)
        var shape = vptsp_dnnl_product(
            m: Int64(m), n: Int64(n), k: Int64(k), a_row: Int64(aRow), a_column: Int64(aColumn), b_row: Int64(bRow), b_column: Int64(bColumn),
            c_row: Int64(cRow), operands: Int32(vptsp_dnnl_bf16), result: result == .f32 ? Int32(vptsp_dnnl_f32) : Int32(vptsp_dnnl_bf16), bias: 0, adds: 0)
        let status = vptsp_dnnl_multiply(&shape, a, b, nil, c)
        guard status == 0 else { throw EngineError("attention", "oneDNN failed on (\(m), \(k)) times (\(k), \(n)): status \(status)") }
    }

    /// Rows of [key | value] that an image's queries see, and the distance between them: its own where there is no prefix,
    /// else a copy with the prefix before them.
    private func seen(image: Int, kv: Tensor, prefix p: Tensor?, scratch: inout Scratch) -> (rows: UnsafePointer<UInt16>, stride: Int) {
        let own = kv.halfPointer + image * tokens * stride + keyOffset
        guard let p, prefix > 0 else { return (UnsafePointer(own), stride) }
        let size = 2 * width
        let rows = scratch.bytes(columns * size * 2).assumingMemoryBound(to: UInt16.self)
        rows.update(from: p.halfPointer + groups[image] * prefix * size, count: prefix * size)
        for token in 0..<tokens { (rows + (prefix + token) * size).update(from: own + token * stride, count: size) }
        return (UnsafePointer(rows), size)
    }

    func forwardBF16(image: Int, q: Tensor, kv: Tensor, prefix p: Tensor?, output: Tensor, logSums: Tensor) throws {
        var scratch = Scratch()
        let keys = seen(image: image, kv: kv, prefix: p, scratch: &scratch)
        let ld = wideStride
        let scores = scratch.floats(queries * ld)
        let probabilities = scratch.bytes(queries * ld * 2).assumingMemoryBound(to: UInt16.self)
        for head in 0..<heads {
            let at = head * headWidth
            let query = q.halfPointer + image * queries * queryStride + at
            try product(m: queries, n: columns, k: headWidth, query, queryStride, 1, keys.rows + at, 1, keys.stride, into: scores, ld, .f32)
            vk_softmax_bf16(
                scores, Int64(queries), Int64(columns), Int64(ld), scale, logSums.pointer + (image * heads + head) * queries, probabilities)
            try product(
                m: queries, n: headWidth, k: columns, probabilities, ld, 1, keys.rows + width + at, keys.stride, 1,
                into: output.raw(at: image * queries * width + at), width, .bf16)
        }
    }

    func backwardBF16(
        image: Int, q: Tensor, kv: Tensor, prefix p: Tensor?, output: Tensor?, logSums: Tensor, gradient: Tensor, dq: Tensor?, dkv: Tensor?,
        dPrefix: Tensor?
    ) throws {
        var scratch = Scratch()
        // Where only the prefix learns (block 0), its columns are all that is needed: the log-sum-exp was kept.
        let ownColumns = dq != nil || dkv != nil
        let used = ownColumns ? columns : prefix
        let keys: (rows: UnsafePointer<UInt16>, stride: Int)
        if !ownColumns, let p {
            keys = (UnsafePointer(p.halfPointer + groups[image] * prefix * 2 * width), 2 * width)
        } else {
            keys = seen(image: image, kv: kv, prefix: p, scratch: &scratch)
        }
        let ld = wideStride
        let (scores, slopes) = (scratch.floats(queries * ld), scratch.floats(queries * ld))
        let probabilities = scratch.bytes(queries * ld * 2).assumingMemoryBound(to: UInt16.self)
        let ds = scratch.bytes(queries * ld * 2).assumingMemoryBound(to: UInt16.self)
        let delta = scratch.floats(queries)
        let hasPrefix = prefix > 0 && p != nil
        let (dKey, dValue) = (scratch.floats(used * headWidth), scratch.floats(used * headWidth))
        for head in 0..<heads {
            let at = head * headWidth
            let place = image * queries * width + at
            let query = q.halfPointer + image * queries * queryStride + at
            let dOut = gradient.halfPointer + place
            try product(m: queries, n: used, k: headWidth, query, queryStride, 1, keys.rows + at, 1, keys.stride, into: scores, ld, .f32)
            try product(m: queries, n: used, k: headWidth, dOut, width, 1, keys.rows + width + at, 1, keys.stride, into: slopes, ld, .f32)
            if let output { vk_row_dots_bf16(output.halfPointer + place, Int64(width), dOut, Int64(width), Int64(queries), Int64(headWidth), delta) }
            vk_softmax_slopes_bf16(
                scores, slopes, Int64(queries), Int64(used), Int64(ld), scale, logSums.pointer + (image * heads + head) * queries,
                output == nil ? nil : delta, probabilities, ds)

            if dPrefix != nil || (dkv != nil && hasPrefix) {
                try product(m: used, n: headWidth, k: queries, ds, 1, ld, query, queryStride, 1, into: dKey, headWidth, .f32)
                try product(m: used, n: headWidth, k: queries, probabilities, 1, ld, dOut, width, 1, into: dValue, headWidth, .f32)
                if let dPrefix {
                    for row in 0..<prefix {
                        let to = dPrefix.pointer + (image * prefix + row) * 2 * width + at
                        to.update(from: dKey + row * headWidth, count: headWidth)
                        (to + width).update(from: dValue + row * headWidth, count: headWidth)
                    }
                }
                if let dkv {
                    for token in 0..<tokens {
                        let to = dkv.halfPointer + (image * tokens + token) * stride + keyOffset + at
                        vk_to_bf16(dKey + (prefix + token) * headWidth, to, Int64(headWidth))
                        vk_to_bf16(dValue + (prefix + token) * headWidth, to + width, Int64(headWidth))
                    }
                }
            } else if let dkv {
                let to = image * tokens * stride + keyOffset + at
                try product(m: tokens, n: headWidth, k: queries, ds, 1, ld, query, queryStride, 1, into: dkv.raw(at: to), stride, .bf16)
                try product(m: tokens, n: headWidth, k: queries, probabilities, 1, ld, dOut, width, 1, into: dkv.raw(at: to + width), stride, .bf16)
            }
            if let dq {
                try product(
                    m: queries, n: headWidth, k: used, ds, ld, 1, keys.rows + at, keys.stride, 1, into: dq.raw(at: image * queries * queryStride + at), queryStride,
                    .bf16)
            }
        }
    }
}
