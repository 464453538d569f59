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
        try attention(qkv: qkv, heads: heads, prefix: prefix, knowing: nil) { _ in }
    }

    /// The same for whoever computes it twice.
    /// - Parameters:
    ///   - logSums: as they were noted before, with what this was projected to known (``linear(_:norm:weight:bias:outputs:activation:residual:known:result:)``): where qkv
    ///     learns, the result's values are then not computed and must not be read; its gradient goes the usual way
    ///   - note: told the log-sum-exp of the scores, (B, heads, N)
    package func attention(
        qkv: Variable, heads: Int, prefix: AttentionPrefix?, knowing logSums: Tensor?, note: (Tensor) throws -> Void
    ) throws -> Variable {
        guard qkv.shape.count == 3, heads > 0, qkv.shape[2] > 0, qkv.shape[2] % (3 * heads) == 0 else {
            throw EngineError("attention", "qkv has shape \(qkv.shape); expected (B, N, 3D) with D a multiple of \(heads) heads")
        }
        let d = qkv.shape[2] / 3
        return try attend(queries: nil, rows: qkv, heads: heads, keyOffset: d, width: d, prefix: prefix, knowing: logSums, note: note)
    }

    /// One query a picture: what the last block needs, where only the CLS token is read.
    /// - Parameters: query (B, D); keysValues (B, N, 2D) as rows of [key | value]
    /// - Returns: (B, D)
    public func attention(query: Variable, keysValues: Variable, heads: Int, prefix: AttentionPrefix? = nil) throws -> Variable {
        guard query.shape.count == 2, keysValues.shape.count == 3, query.shape[0] == keysValues.shape[0], heads > 0,
            keysValues.shape[2] == 2 * query.shape[1], query.shape[1] > 0, query.shape[1] % heads == 0
        else { throw EngineError.shapes("attention", query.shape, keysValues.shape, expected: "(B, D) and (B, N, 2D) with D a multiple of \(heads) heads") }
        return try attend(queries: query, rows: keysValues, heads: heads, keyOffset: 0, width: query.shape[1], prefix: prefix, knowing: nil) { _ in }
    }

    /// `rows` holds keys at `keyOffset` and values D further; queries are `queries`, or the first D columns of `rows`.
    private func attend(
        queries: Variable?, rows: Variable, heads: Int, keyOffset: Int, width d: Int, prefix: AttentionPrefix?, knowing known: Tensor?,
        note: (Tensor) throws -> Void
    ) throws -> Variable {
        let (batch, tokens, stride) = (rows.shape[0], rows.shape[1], rows.shape[2])
        if let prefix {
            let shape = prefix.keysValues.shape
            guard shape.count == 3, shape[2] == 2 * d, prefix.groups.count == batch, prefix.groups.allSatisfy({ 0 <= $0 && $0 < shape[0] }) else {
                throw EngineError.shapes("attention", rows.shape, shape, expected: "a prefix (G, n, 2D) and a group below G for each of \(batch) images")
            }
        }
        let layout = AttentionLayout(
            batch: batch, tokens: tokens, queries: queries == nil ? tokens : 1, prefix: prefix?.keysValues.shape[1] ?? 0, heads: heads,
            headWidth: d / heads, stride: stride, queryStride: queries == nil ? stride : d, keyOffset: keyOffset, groups: prefix?.groups ?? [],
            format: rows.value.format)
        let format = layout.format
        guard queries?.value.format ?? format == format, prefix?.keysValues.value.format ?? format == format else {
            throw EngineError("attention", "queries, keys, values and prefix are not held in one format")
        }
        let output = Tensor(uninitialized: queries == nil ? [batch, tokens, d] : [batch, d], format: format)
        guard known.map({ $0.shape == [batch, heads, layout.queries] }) ?? true else {
            throw EngineError.shapes("attention", rows.shape, known?.shape ?? [], expected: "log-sum-exps (\(batch), \(heads), \(layout.queries))")
        }
        let (q, kv, p) = (queries?.value, rows.value, prefix?.keysValues.value)
        let engine = self.engine
        let inputs = [queries, rows, prefix?.keysValues].compactMap { $0 }
        let wanted = (q: queries?.needsGradient ?? rows.needsGradient, kv: rows.needsGradient, prefix: prefix?.keysValues.needsGradient == true)
        // Where only the prefix learns (block 0), its columns are all that is computed again, of the queries alone.
        let ownColumns = wanted.q || wanted.kv
        let kept = isRecording && (ownColumns || wanted.prefix) ? KeptRows(rows.value, columns: ownColumns ? stride : q == nil ? d : 0, group: d / heads) : nil
        // What a prefix that learns alone needs of the output is not noted.
        let used = ownColumns ? known : nil
        let isKnown = used != nil
        let logSums = used ?? Tensor(uninitialized: [batch, heads, layout.queries])
        let parts = layout.parts(engine)
        try engine.run(parts.count) { index in
            let (image, some) = parts[index]
            if !isKnown {
                try layout.forward(
                    image: image, heads: some, engine, rows: layout.rows(image: image, q: q ?? kv, kv: kv), prefix: p, output: output, logSums: logSums)
            }
            kept?.keep(kv, rows: image * tokens..<(image + 1) * tokens, groups: layout.columnGroups(of: some))
        }

        try note(logSums)
        guard let kept else { return constant(output) }
        let shape = rows.shape
        // The sum of p dp over a row is that of o do, so that the output need not be kept; but not where only a part of the columns is computed.
        let keptOutput = ownColumns ? nil : output
        return record(output, inputs: inputs) { incoming in
            let gradient = format == .f32 ? incoming.inF32() : incoming.inBF16(engine)
            let dkv = wanted.kv ? Tensor(uninitialized: shape, format: format) : nil
            let dq = q == nil ? dkv : wanted.q ? Tensor(uninitialized: [batch, d], format: format) : nil
            let partial = wanted.prefix ? Tensor(uninitialized: [batch, layout.prefix, 2 * d]) : nil
            try engine.run(parts.count) { index in
                let (image, some) = parts[index]
                var scratch = Scratch()
                let own = kept.rows(
                    image * tokens..<(image + 1) * tokens, groups: layout.columnGroups(of: some), stride: stride, scratch: &scratch)
                let asking = q.map { UnsafeRawPointer($0.raw(at: image * d)) } ?? own
                try layout.backward(
                    image: image, heads: some, engine, rows: layout.rows(queries: asking, rows: own), prefix: p, output: keptOutput,
                    logSums: logSums, gradient: gradient, dq: dq, dkv: dkv, dPrefix: partial)
            }
            var results: [Tensor?] = q == nil ? [dkv] : [dq, dkv]
            if let p { results.append(partial.map { layout.sumByGroup($0, shape: p.shape) }) }
            return results
        }
    }
}

