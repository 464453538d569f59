import VectorKernels

/// Keys and values that stand before every image's own: learned prompts, seen through the block's key and value
/// projections (method section 3). Prompts never leave a block, so they need no query, projection or MLP.
public struct AttentionPrefix {
    /// (G, n, 2D): for each group, n rows of [key | value].
    public let keysValues: Variable
    /// Which group each image of the batch reads; all zero for prompts that the batch shares.
    public let groups: [Int]

    public init(keysValues: Variable, groups: [Int]) {
        self.keysValues = keysValues
        self.groups = groups
    }
}

extension Tape {
    /// Multi-head self-attention with an optional prefix.
    /// - Parameters: qkv (B, N, 3D) as rows of [query | key | value], each D = heads x width of a head
    /// - Returns: (B, N, D)
    public func attention(qkv: Variable, heads: Int, prefix: AttentionPrefix? = nil) throws -> Variable {
        guard qkv.shape.count == 3, heads > 0, qkv.shape[2] % (3 * heads) == 0 else {
            throw EngineError("attention", "qkv has shape \(qkv.shape); expected (B, N, 3D) with D a multiple of \(heads) heads")
        }
        let d = qkv.shape[2] / 3
        return try attend(queries: nil, rows: qkv, heads: heads, keyOffset: d, width: d, prefix: prefix)
    }

    /// One query a picture: what the last block needs, where only the CLS token is read.
    /// - Parameters: query (B, D); keysValues (B, N, 2D) as rows of [key | value]
    /// - Returns: (B, D)
    public func attention(query: Variable, keysValues: Variable, heads: Int, prefix: AttentionPrefix? = nil) throws -> Variable {
        guard query.shape.count == 2, keysValues.shape.count == 3, query.shape[0] == keysValues.shape[0], heads > 0,
            keysValues.shape[2] == 2 * query.shape[1], query.shape[1] % heads == 0
        else { throw EngineError.shapes("attention", query.shape, keysValues.shape, expected: "(B, D) and (B, N, 2D) with D a multiple of \(heads) heads") }
        return try attend(queries: query, rows: keysValues, heads: heads, keyOffset: 0, width: query.shape[1], prefix: prefix)
    }

    /// `rows` holds keys at `keyOffset` and values D further; queries are `queries`, or the first D columns of `rows`.
    private func attend(queries: Variable?, rows: Variable, heads: Int, keyOffset: Int, width d: Int, prefix: AttentionPrefix?) throws -> Variable {
        let (batch, tokens, stride) = (rows.shape[0], rows.shape[1], rows.shape[2])
        if let prefix {
            let shape = prefix.keysValues.shape
            guard shape.count == 3, shape[2] == 2 * d, prefix.groups.count == batch, prefix.groups.allSatisfy({ 0 <= $0 && $0 < shape[0] }) else {
                throw EngineError.shapes("attention", rows.shape, shape, expected: "a prefix (G, n, 2D) and a group below G for each of \(batch) images")
            }
        }
        let layout = AttentionLayout(
            batch: batch, tokens: tokens, queries: queries == nil ? tokens : 1, prefix: prefix?.keysValues.shape[1] ?? 0, heads: heads,
            headWidth: d / heads, stride: stride, queryStride: queries == nil ? stride : d, keyOffset: keyOffset, groups: prefix?.groups ?? [])
        let format = rows.value.format
        guard queries?.value.format ?? format == format, prefix?.keysValues.value.format ?? format == format else {
            throw EngineError("attention", "queries, keys, values and prefix are not held in one format")
        }
        let output = Tensor(uninitialized: queries == nil ? [batch, tokens, d] : [batch, d], format: format)
        let logSums = Tensor(uninitialized: [batch, heads, layout.queries])
        let (q, kv, p) = (queries?.value ?? rows.value, rows.value, prefix?.keysValues.value)
        let engine = self.engine
        try engine.run(batch) {
            switch format {
            case .f32: layout.forward(image: $0, q: q, kv: kv, prefix: p, output: output, logSums: logSums)
            case .bf16: try layout.forwardBF16(image: $0, q: q, kv: kv, prefix: p, output: output, logSums: logSums)
            }
        }

        let wanted = (q: queries?.needsGradient ?? rows.needsGradient, kv: rows.needsGradient, prefix: prefix?.keysValues.needsGradient == true)
        let inputs = [queries, rows, prefix?.keysValues].compactMap { $0 }
        let separate = queries != nil
        // The sum of p dp over a row is that of o do, so that the output need not be kept; but where only the prefix learns (block 0),
        // its columns are all that is computed again.
        let kept = wanted.q || wanted.kv ? nil : output
        return record(output, inputs: inputs) { incoming in
            let gradient = format == .f32 ? incoming.inF32() : incoming.inBF16(engine)
            let dkv = wanted.kv ? Tensor(uninitialized: kv.shape, format: format) : nil
            let dq = separate ? (wanted.q ? Tensor(uninitialized: q.shape, format: format) : nil) : dkv
            let partial = wanted.prefix ? Tensor(uninitialized: [batch, layout.prefix, 2 * d]) : nil
            try engine.run(batch) {
                switch format {
                case .f32:
                    layout.backward(
                        image: $0, q: q, kv: kv, prefix: p, output: kept, logSums: logSums, gradient: gradient, dq: dq, dkv: dkv, dPrefix: partial)
                case .bf16:
                    try layout.backwardBF16(
                        image: $0, q: q, kv: kv, prefix: p, output: kept, logSums: logSums, gradient: gradient, dq: dq, dkv: dkv, dPrefix: partial)
                }
            }
            var results: [Tensor?] = separate ? [dq, dkv] : [dkv]
            if let p { results.append(partial.map { layout.sumByGroup($0, shape: p.shape) }) }
            return results
        }
    }
}

/// Where everything lies in memory, and the two passes for one image. Scores exist for one head of one image at a time.
struct AttentionLayout {
    let batch, tokens, queries, prefix, heads, headWidth: Int
    /// Distances between rows of keys and values, and of queries.
    let stride, queryStride: Int
    let keyOffset: Int
    let groups: [Int]

    var width: Int { heads * headWidth }
    var columns: Int { prefix + tokens }
    /// Rows of scores start on a cache line.
    var scoreStride: Int { (columns + 15) & ~15 }
    var scale: Float { 1 / Float(headWidth).squareRoot() }

    func forward(image: Int, q: Tensor, kv: Tensor, prefix p: Tensor?, output: Tensor, logSums: Tensor) {
        let scores = Tensor(uninitialized: [queries, scoreStride])
        let s = scores.pointer
        for head in 0..<heads {
            let at = pointers(image: image, head: head, q: q, kv: kv, prefix: p)
            fillScores(s, at)
            vk_softmax(s, Int64(queries), Int64(columns), Int64(scoreStride), scale, logSums.pointer + (image * heads + head) * queries)
            let out = output.pointer + image * queries * width + head * headWidth
            if let value = at.prefixValue {
                Engine.product(false, false, m: queries, n: headWidth, k: prefix, s, scoreStride, value, 2 * width, beta: 0, out, width)
            }
            Engine.product(
                false, false, m: queries, n: headWidth, k: tokens, s + prefix, scoreStride, at.value, stride, beta: at.prefixValue == nil ? 0 : 1, out, width)
        }
    }

    func backward(
        image: Int, q: Tensor, kv: Tensor, prefix p: Tensor?, output: Tensor?, logSums: Tensor, gradient: Tensor, dq: Tensor?, dkv: Tensor?,
        dPrefix: Tensor?
    ) {
        // Where only the prefix learns (block 0), its columns are all that is needed: the log-sum-exp was kept.
        let ownColumns = dq != nil || dkv != nil
        let used = ownColumns ? columns : prefix
        let probabilities = Tensor(uninitialized: [queries, scoreStride])
        let slopes = Tensor(uninitialized: [queries, scoreStride])
        let deltas = Tensor(uninitialized: [queries])
        let (s, ds, delta) = (probabilities.pointer, slopes.pointer, deltas.pointer)
        for head in 0..<heads {
            let at = pointers(image: image, head: head, q: q, kv: kv, prefix: p)
            let place = image * queries * width + head * headWidth
            let dOut = gradient.pointer + place
            fillScores(s, at, own: ownColumns)
            vk_softmax_again(s, Int64(queries), Int64(used), Int64(scoreStride), scale, logSums.pointer + (image * heads + head) * queries)
            if let value = at.prefixValue {
                Engine.product(false, true, m: queries, n: prefix, k: headWidth, dOut, width, value, 2 * width, beta: 0, ds, scoreStride)
            }
            if ownColumns {
                Engine.product(false, true, m: queries, n: tokens, k: headWidth, dOut, width, at.value, stride, beta: 0, ds + prefix, scoreStride)
            }
            if let output {
                vk_row_dots(output.pointer + place, Int64(width), dOut, Int64(width), Int64(queries), Int64(headWidth), delta)
            } else {
                vk_row_dots(s, Int64(scoreStride), ds, Int64(scoreStride), Int64(queries), Int64(used), delta)
            }
            vk_softmax_backward(s, ds, Int64(queries), Int64(used), Int64(scoreStride), scale, delta)

            if let dPrefix {
                let key = dPrefix.pointer + image * prefix * 2 * width + head * headWidth
                Engine.product(true, false, m: prefix, n: headWidth, k: queries, ds, scoreStride, at.query, queryStride, beta: 0, key, 2 * width)
                Engine.product(true, false, m: prefix, n: headWidth, k: queries, s, scoreStride, dOut, width, beta: 0, key + width, 2 * width)
            }
            if let dkv {
                let key = dkv.pointer + image * tokens * stride + keyOffset + head * headWidth
                Engine.product(true, false, m: tokens, n: headWidth, k: queries, ds + prefix, scoreStride, at.query, queryStride, beta: 0, key, stride)
                Engine.product(true, false, m: tokens, n: headWidth, k: queries, s + prefix, scoreStride, dOut, width, beta: 0, key + width, stride)
            }
            if let dq {
                let query = dq.pointer + image * queries * queryStride + head * headWidth
                if let key = at.prefixKey {
                    Engine.product(false, false, m: queries, n: headWidth, k: prefix, ds, scoreStride, key, 2 * width, beta: 0, query, queryStride)
                }
                Engine.product(
                    false, false, m: queries, n: headWidth, k: tokens, ds + prefix, scoreStride, at.key, stride, beta: at.prefixKey == nil ? 0 : 1, query,
                    queryStride)
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

    private struct HeadPointers {
        let query, key, value: UnsafePointer<Float>
        let prefixKey, prefixValue: UnsafePointer<Float>?
    }

    private func pointers(image: Int, head: Int, q: Tensor, kv: Tensor, prefix p: Tensor?) -> HeadPointers {
        let key = kv.pointer + image * tokens * stride + keyOffset + head * headWidth
        let before = prefix == 0 ? nil : p.map { $0.pointer + groups[image] * prefix * 2 * width + head * headWidth }
        return HeadPointers(
            query: UnsafePointer(q.pointer + image * queries * queryStride + head * headWidth), key: UnsafePointer(key),
            value: UnsafePointer(key + width), prefixKey: before.map { UnsafePointer($0) }, prefixValue: before.map { UnsafePointer($0 + width) })
    }

    private func fillScores(_ s: UnsafeMutablePointer<Float>, _ at: HeadPointers, own: Bool = true) {
        if let key = at.prefixKey {
            Engine.product(false, true, m: queries, n: prefix, k: headWidth, at.query, queryStride, key, 2 * width, beta: 0, s, scoreStride)
        }
        if own {
            Engine.product(false, true, m: queries, n: tokens, k: headWidth, at.query, queryStride, at.key, stride, beta: 0, s + prefix, scoreStride)
        }
    }
}
