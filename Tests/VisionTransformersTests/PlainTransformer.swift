import Foundation
import TensorEngine
import VisionTransformers

/// The network written out for one image in double precision: every row through every layer, prompts as rows, low-rank
/// updates as sums of matrices, adapters as their formula. Shares nothing with the product but the parameters.
struct PlainTransformer {
    typealias Rows = [[Double]]

    let network: VisionTransformer
    var prompts: PromptSet?

    private func values(_ name: String) -> [Double] {
        network.parameters.first { $0.name == "backbone." + name }?.value.array().map(Double.init) ?? []
    }

    private func matrix(_ tensor: Tensor) -> Rows {
        let x = tensor.array().map(Double.init)
        return (0..<tensor.rowCount).map { Array(x[$0 * tensor.width..<($0 + 1) * tensor.width]) }
    }

    private func rows(_ parameter: Parameter) -> Rows { matrix(parameter.value) }

    private func weight(_ name: String, _ block: Int, _ targets: [LowRankTarget]) -> Rows {
        var w = matrix(network.parameters.first { $0.name == "backbone.blocks.\(block).\(name).weight" }?.value ?? Tensor(zeros: [0, 0]))
        for update in network.insertions.updates[block, default: []] where targets.contains(update.target) {
            let (a, b) = (matrix(update.a.value), matrix(update.b.value))
            let start = update.target == .k ? network.configuration.dim : update.target == .v ? 2 * network.configuration.dim : 0
            for o in b.indices {
                for i in a[0].indices { w[start + o][i] += Double(update.scale) * a.indices.reduce(0) { $0 + b[o][$1] * a[$1][i] } }
            }
        }
        return w
    }

    private func times(_ x: Rows, _ w: Rows, _ bias: [Double]) -> Rows {
        x.map { row in w.indices.map { o in bias[o] + zip(row, w[o]).reduce(0) { $0 + $1.0 * $1.1 } } }
    }

    private func norm(_ x: Rows, _ gain: [Double], _ bias: [Double], epsilon: Double) -> Rows {
        x.map { row in
            let mean = row.reduce(0, +) / Double(row.count)
            let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count)
            return row.indices.map { (row[$0] - mean) / (variance + epsilon).squareRoot() * gain[$0] + bias[$0] }
        }
    }

    private func plus(_ a: Rows, _ b: Rows, scale: Double = 1) -> Rows { zip(a, b).map { zip($0, $1).map { $0 + scale * $1 } } }

    private func attention(_ h: Rows, _ block: Int) -> Rows {
        let (d, heads) = (network.configuration.dim, network.configuration.heads)
        let width = d / heads
        let qkv = times(h, weight("attn.qkv", block, [.q, .k, .v]), values("blocks.\(block).attn.qkv.bias"))
        let mixed = qkv.map { query in
            (0..<heads).flatMap { head -> [Double] in
                let scores = qkv.map { key in
                    (0..<width).reduce(0.0) { $0 + query[head * width + $1] * key[d + head * width + $1] } / Double(width).squareRoot()
                }
                let weights = scores.map { exp($0 - (scores.max() ?? 0)) }
                let total = weights.reduce(0, +)
                return (0..<width).map { c in zip(weights, qkv).reduce(0) { $0 + $1.0 * $1.1[2 * d + head * width + c] } / total }
            }
        }
        return times(mixed, weight("attn.proj", block, [.o]), values("blocks.\(block).attn.proj.bias"))
    }

    private func mlp(_ h: Rows, _ block: Int) -> Rows {
        let hidden = times(h, weight("mlp.fc1", block, [.fc1]), values("blocks.\(block).mlp.fc1.bias"))
        return times(hidden.map { $0.map { $0 * 0.5 * erfc(-$0 / 2.0.squareRoot()) } }, weight("mlp.fc2", block, [.fc2]), values("blocks.\(block).mlp.fc2.bias"))
    }

    private func adapted(_ x: Rows, _ adapter: BlockAdapter) -> Rows {
        let list = { (p: Parameter) in p.value.array().map(Double.init) }
        let own = { (x: Rows) in adapter.norm.map { norm(x, list($0.weight), list($0.bias), epsilon: 1e-5) } ?? x }
        let entering = adapter.normPlace == .pre ? own(x) : x
        let hidden = times(entering, matrix(adapter.down.weight.value), list(adapter.down.bias)).map { $0.map { max($0, 0) } }
        let leaving = times(hidden, matrix(adapter.up.weight.value), list(adapter.up.bias))
        return adapter.normPlace == .post ? own(leaving) : leaving
    }

    /// The CLS row after the last norm; `image` is (3, side, side).
    func features(image: [Float]) -> [Double] {
        let c = network.configuration
        let (side, across) = (c.image, c.image / c.patch)
        let flat = network.parameters[2].value.array().map(Double.init)
        let patchWeight = (0..<c.dim).map { Array(flat[$0 * 3 * c.patch * c.patch..<($0 + 1) * 3 * c.patch * c.patch]) }
        let position = matrix(network.parameters[1].value)
        var x: Rows = [zip(values("cls_token"), position[0]).map(+)]
        for patch in 0..<across * across {
            let (top, left) = (patch / across * c.patch, patch % across * c.patch)
            let pixels = (0..<3).flatMap { channel in
                (0..<c.patch).flatMap { row in (0..<c.patch).map { Double(image[(channel * side + top + row) * side + left + $0]) } }
            }
            x.append(zip(times([pixels], patchWeight, values("patch_embed.proj.bias"))[0], position[patch + 1]).map(+))
        }
        x = [x[0]] + (prompts?.staying.map { rows($0) } ?? []) + x.dropFirst()
        for block in 0..<c.depth {
            let before = prompts.map { block < $0.layers.count ? rows($0.layers[block]) : [] } ?? []
            var all = before + x
            let name = "blocks.\(block)."
            all = plus(all, attention(norm(all, values(name + "norm1.weight"), values(name + "norm1.bias"), epsilon: 1e-6), block))
            let h = mlp(norm(all, values(name + "norm2.weight"), values(name + "norm2.bias"), epsilon: 1e-6), block)
            var next = plus(all, h)
            if let adapter = network.insertions.adapters[block] {
                next = plus(next, adapted(adapter.placement == .parallel ? all : h, adapter), scale: Double(adapter.scale))
            }
            x = Array(next.dropFirst(before.count))
        }
        return norm([x[0]], values("norm.weight"), values("norm.bias"), epsilon: 1e-6)[0]
    }
}
