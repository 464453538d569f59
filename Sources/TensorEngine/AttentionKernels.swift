import VectorKernels

extension AttentionLayout {
    /// VectorKernels' own attention; the libraries' products do it where there is none.
    enum Kernel {
        /// bf16 on matrix tiles, into which heads are to fit.
        case tiles
        /// bf16 in vectors of 512 bits, heads of an even width.
        case pairs
        /// f32 in vectors of 512 bits.
        case vectors

        func scratch(_ attention: inout vk_attention, backward: Bool) -> Int {
            let backward: Int32 = backward ? 1 : 0
            return switch self {
            case .tiles: Int(vk_attention_scratch(&attention, backward))
            case .pairs: Int(vk_attention_pairs_scratch(&attention, backward))
            case .vectors: Int(vk_attention_f32_scratch(&attention, backward))
            }
        }
    }

    func kernel(_ engine: Engine) -> Kernel? {
        guard queries > 1 else { return nil }
        if format == .bf16 {
            if engine.worksInTiles { return headWidth % 32 == 0 ? .tiles : nil }
            return engine.hasWidePairs && headWidth % 2 == 0 ? .pairs : nil
        }
        return engine.hasWideVectors && format == .f32 ? .vectors : nil
    }

    func forward(by kernel: Kernel, image: Int, heads some: Range<Int>, rows: ImageRows, prefix p: Tensor?, output: Tensor, logSums: Tensor) {
        var scratch = Scratch()
        func attention(_ head: Int) -> vk_attention { described(image: image, head: head, rows: rows, prefix: p, own: true, logSums: logSums) }
        var one = attention(0)
        let memory = scratch.bytes(kernel.scratch(&one, backward: false))
        for head in some {
            one = attention(head)
            let at = image * queries * width + head * headWidth
            switch kernel {
            case .tiles: vk_attention_forward(&one, memory, output.raw(at: at), Int64(width))
            case .pairs: vk_attention_pairs_forward(&one, memory, output.raw(at: at), Int64(width))
            case .vectors: vk_attention_f32_forward(&one, memory, output.pointer + at, Int64(width))
            }
        }
    }

    func backward(
        by kernel: Kernel, image: Int, heads some: Range<Int>, rows: ImageRows, prefix p: Tensor?, output: Tensor?, logSums: Tensor, gradient: Tensor,
        dq: Tensor?, dkv: Tensor?, dPrefix: Tensor?
    ) {
        var scratch = Scratch()
        let ownColumns = dq != nil || dkv != nil
        let delta = output == nil ? nil : scratch.floats(queries)
        func attention(_ head: Int) -> vk_attention { described(image: image, head: head, rows: rows, prefix: p, own: ownColumns, logSums: logSums) }
        var one = attention(0)
        let memory = scratch.bytes(kernel.scratch(&one, backward: true))
        for head in some {
            one = attention(head)
            let column = head * headWidth
            let at = image * queries * width + column
            if let output, let delta { rowDots(output, gradient, at: at, into: delta) }
            let prompts = dPrefix.map { $0.pointer + image * prefix * 2 * width + column }
            let dPrompts = [prompts, prompts.map { $0 + width }]
            let (own, queryAt) = (image * tokens * stride + keyOffset + column, image * queries * queryStride + column)
            switch kernel {
            case .tiles, .pairs:
                let dOwn = dkv.map { [$0.raw(at: own), $0.raw(at: own + width)] } ?? [nil, nil]
                (kernel == .tiles ? vk_attention_backward : vk_attention_pairs_backward)(
                    &one, memory, gradient.raw(at: at), Int64(width), delta, dq.map { $0.raw(at: queryAt) }, Int64(queryStride), dPrompts, dOwn)
            case .vectors:
                let dOwn = dkv.map { [$0.pointer + own, $0.pointer + own + width] } ?? [nil, nil]
                vk_attention_f32_backward(
                    &one, memory, gradient.pointer + at, Int64(width), delta, dq.map { $0.pointer + queryAt }, Int64(queryStride), dPrompts, dOwn)
            }
        }
    }

    /// One head of one image as the kernel is told of it.
    /// - Parameter own: whether the image's own keys and values count, or those of the prefix alone
    private func described(image: Int, head: Int, rows: ImageRows, prefix p: Tensor?, own: Bool, logSums: Tensor) -> vk_attention {
        let column = head * headWidth
        let keys = rows.keysValues + column * format.size
        let before = p.map { $0.raw(at: groups[image] * prefix * 2 * width + column) }
        return vk_attention(
            queries: Int64(queries), prefix: Int64(p == nil ? 0 : prefix), own: Int64(own ? tokens : 0), width: Int64(headWidth),
            scale: scale, query: rows.queries + column * format.size, prefix_keys: before,
            prefix_values: before.map { $0 + width * format.size }, own_keys: keys, own_values: keys + width * format.size,
            query_stride: Int64(queryStride), prefix_stride: Int64(2 * width), own_stride: Int64(stride),
            log_sums: logSums.pointer + (image * heads + head) * queries)
    }
}
