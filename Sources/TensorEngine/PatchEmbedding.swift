import VectorKernels

extension Tape {
    /// Tokens of a Vision Transformer: [CLS] (and what stands with it) and one token a patch, each with its position
    /// (Dosovitskiy et al. 2021, eq. 1).
    /// - Parameters:
    ///   - images: (B, 3, H, W); H and W multiples of `patch`
    ///   - weight: (D, 3, patch, patch); bias (D); leading (1, T, D); position (1, T + H/patch x W/patch, D)
    /// - Returns: (B, T + patches, D)
    public func patchEmbedding(_ images: Tensor, patch: Int, weight: Variable, bias: Variable, leading: Variable, position: Variable) throws -> Variable {
        guard images.shape.count == 4, patch > 0, images.shape[2] % patch == 0, images.shape[3] % patch == 0 else {
            throw EngineError("patch embedding", "images have shape \(images.shape); expected (B, 3, H, W) with H and W multiples of \(patch)")
        }
        let (batch, channels, height, width) = (images.shape[0], images.shape[1], images.shape[2], images.shape[3])
        let patches = (height / patch) * (width / patch)
        let inputs = channels * patch * patch
        guard let d = weight.shape.first, weight.value.count == d * inputs, bias.value.count == d, leading.shape.count == 3, leading.shape[2] == d,
            position.value.count == (patches + leading.shape[1]) * d
        else {
            throw EngineError.shapes(
                "patch embedding", leading.shape, position.shape, expected: "a position for each leading token and each of \(patches) patches")
        }
        let front = leading.value.count
        let flat = try weight.value.reshaped([d, inputs])
        let tokens = Tensor(uninitialized: [batch, leading.shape[1] + patches, d])
        let engine = self.engine
        let unfold = { (image: Int, target: UnsafeMutablePointer<Float>) in
            let source = images.pointer + image * channels * height * width
            let across = width / patch
            for index in 0..<patches {
                let (top, left) = (index / across * patch, index % across * patch)
                var to = target + index * inputs
                for channel in 0..<channels {
                    for row in 0..<patch {
                        to.update(from: source + (channel * height + top + row) * width + left, count: patch)
                        to += patch
                    }
                }
            }
        }
        do {
            let packed = try engine.packed(flat, frozen: weight.isFrozen, forward: true)
            let (bp, cp, pp) = (bias.value.pointer, leading.value.pointer, position.value.pointer)
            try engine.run(batch) { image in
                var scratch = Scratch()
                let columns = Tensor(uninitialized: [patches, inputs])
                unfold(image, columns.pointer)
                let out = tokens.pointer + image * (front + patches * d)
                vk_broadcast_row(out, cp, pp, 1, Int64(front))
                try packed.multiply(
                    engine.operand(columns, rows: 0..<patches, scratch: &scratch), rows: patches, bias: bp, residual: pp + front, into: out + front)
            }
        }
        let wanted = (weight: weight.needsGradient, bias: bias.needsGradient, leading: leading.needsGradient, position: position.needsGradient)
        let (weightShape, leadingShape) = (weight.shape, leading.shape)
        return record(tokens, inputs: [weight, bias, leading, position]) { gradient in
            // Summed over the batch first: each of the four gradients is a part or a sum of it, but the weight's.
            let size = front + patches * d
            let summed = engine.columnSums(gradient.pointer, rows: batch, width: size)
            let dLeading = wanted.leading ? try summed.rows(0..<front).copy().reshaped(leadingShape) : nil
            let dBias = wanted.bias ? engine.columnSums(summed.pointer + front, rows: patches, width: d) : nil
            var dWeight: Tensor?
            if wanted.weight {
                let columns = Tensor(uninitialized: [batch * patches, inputs])
                let packed = Tensor(uninitialized: [batch * patches, d])
                engine.pool.run(batch) { image in
                    unfold(image, columns.pointer + image * patches * inputs)
                    (packed.pointer + image * patches * d).update(from: gradient.pointer + image * size + front, count: patches * d)
                }
                let result = Tensor(uninitialized: [d, inputs])
                try engine.multiply(packed, columns, transposeA: true, into: result)
                dWeight = try result.reshaped(weightShape)
            }
            return [dWeight, dBias, dLeading, wanted.position ? summed : nil]
        }
    }

    /// The first token of each image: (B, N, D) to (B, D).
    public func firstTokens(_ x: Variable) throws -> Variable {
        guard x.shape.count == 3, x.shape[1] > 0 else { throw EngineError("first tokens", "shape \(x.shape); expected (B, N, D)") }
        let (batch, tokens, d) = (x.shape[0], x.shape[1], x.shape[2])
        let result = Tensor(uninitialized: [batch, d])
        for image in 0..<batch { (result.pointer + image * d).update(from: x.value.pointer + image * tokens * d, count: d) }
        let shape = x.shape
        return record(result, inputs: [x]) { gradient in
            let dx = Tensor(zeros: shape)
            for image in 0..<batch { (dx.pointer + image * tokens * d).update(from: gradient.pointer + image * d, count: d) }
            return [dx]
        }
    }
}
