import VectorKernels

extension AttentionLayout {
    /// Whether VectorKernels' own attention is used: matrix tiles, rows of queries, and heads as wide as whole tiles.
    func fitsTiles(_ engine: Engine) -> Bool { engine.hasMatrixTiles && queries > 1 && headWidth % 32 == 0 }

    func forwardInTiles(image: Int, q: Tensor, kv: Tensor, prefix p: Tensor?, output: Tensor, logSums: Tensor) {
        var scratch = Scratch()
        func attention(_ head: Int) -> vk_attention { inTiles(image: image, head: head, q: q, kv: kv, prefix: p, own: true, logSums: logSums) }
        var one = attention(0)
        let memory = scratch.bytes(Int(vk_attention_scratch(&one, 0)))
        for head in 0..<heads {
            one = attention(head)
            vk_attention_forward(&one, memory, output.raw(at: image * queries * width + head * headWidth), Int64(width))
        }
    }

    func backwardInTiles(
        image: Int, q: Tensor, kv: Tensor, prefix p: Tensor?, output: Tensor?, logSums: Tensor, gradient: Tensor, dq: Tensor?, dkv: Tensor?, dPrefix: Tensor?
    ) {
        var scratch = Scratch()
        let ownColumns = dq != nil || dkv != nil
        let delta = output == nil ? nil : scratch.floats(queries)
        func attention(_ head: Int) -> vk_attention { inTiles(image: image, head: head, q: q, kv: kv, prefix: p, own: ownColumns, logSums: logSums) }
        var one = attention(0)
        let memory = scratch.bytes(Int(vk_attention_scratch(&one, 1)))
        for head in 0..<heads {
            one = attention(head)
            let column = head * headWidth
            let at = image * queries * width + column
            if let output, let delta { rowDots(output, gradient, at: at, into: delta) }
            let prompts = dPrefix.map { $0.pointer + image * prefix * 2 * width + column }
            let own = dkv.map { $0.raw(at: image * tokens * stride + keyOffset + column) }
            let (dPrompts, dOwn) = ([prompts, prompts.map { $0 + width }], [own, own.map { $0 + width * format.size }])
            vk_attention_backward(
                &one, memory, gradient.raw(at: at), Int64(width), delta,
                dq.map { $0.raw(at: image * queries * queryStride + column) }, Int64(queryStride), dPrompts, dOwn)
        }
    }

    /// One head of one image as the kernel is told of it.
    /// - Parameter own: whether the image's own keys and values count, or those of the prefix alone
    private func inTiles(image: Int, head: Int, q: Tensor, kv: Tensor, prefix p: Tensor?, own: Bool, logSums: Tensor) -> vk_attention {
        let column = head * headWidth
        let keys = image * tokens * stride + keyOffset + column
        let before = p.map { $0.raw(at: groups[image] * prefix * 2 * width + column) }
        return vk_attention(
            queries: Int64(queries), prefix: Int64(p == nil ? 0 : prefix), own: Int64(own ? tokens : 0), width: Int64(headWidth), format: format.operand,
            scale: scale, query: q.raw(at: image * queries * queryStride + column), prefix_keys: before,
            prefix_values: before.map { $0 + width * format.size }, own_keys: kv.raw(at: keys), own_values: kv.raw(at: keys + width),
            query_stride: Int64(queryStride), prefix_stride: Int64(2 * width), own_stride: Int64(stride),
            log_sums: logSums.pointer + (image * heads + head) * queries)
    }
}
