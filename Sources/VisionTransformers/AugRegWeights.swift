import TensorFiles

/// The AugReg authors' `.npz` files (Steiner et al. 2022, written by flax) under timm's names and layouts.
///
/// Flax keeps dense kernels as (in, out), convolutions as (height, width, in, out), and the heads of an attention
/// apart: query, key and value (D, heads, D/heads), out (heads, D/heads, D).
enum AugRegWeights {
    /// Every tensor but the classifier.
    static func read(path: String) throws -> [NamedArray] {
        let file = try NPZFile(path: path)
        guard file.names.contains("embedding/kernel"), file.names.contains("Transformer/encoder_norm/scale") else {
            throw ViTError("\(path): holds no vision transformer under the names of the AugReg files (`embedding/kernel`, `Transformer/…`)")
        }
        let depth = Set(file.names.compactMap(block)).count
        let all: [(String, () throws -> NamedArray)] = [
            ("cls_token", { try file.array("cls") }),
            ("pos_embed", { try file.array("Transformer/posembed_input/pos_embedding") }),
            ("patch_embed.proj.weight", { try convolution(file.array("embedding/kernel"), of: path) }),
            ("patch_embed.proj.bias", { try file.array("embedding/bias") }),
            ("norm.weight", { try file.array("Transformer/encoder_norm/scale") }),
            ("norm.bias", { try file.array("Transformer/encoder_norm/bias") }),
        ] + (0..<depth).flatMap { block($0, of: file) }
        return try all.map { name, source in
            var array = try source()
            array.name = name
            return array
        }
    }

    /// The block that a name of the file belongs to.
    private static func block(_ name: String) -> Int? {
        guard name.hasPrefix("Transformer/encoderblock_") else { return nil }
        return Int(name.dropFirst("Transformer/encoderblock_".count).prefix { $0 != "/" })
    }

    private static func block(_ index: Int, of file: NPZFile) -> [(String, () throws -> NamedArray)] {
        let from = "Transformer/encoderblock_\(index)/", to = "blocks.\(index)."
        let attention = from + "MultiHeadDotProductAttention_1/"
        func norm(_ name: String, _ source: String) -> [(String, () throws -> NamedArray)] {
            [(to + name + ".weight", { try file.array(from + source + "/scale") }), (to + name + ".bias", { try file.array(from + source + "/bias") })]
        }
        func dense(_ name: String, _ source: String) -> [(String, () throws -> NamedArray)] {
            [
                (to + name + ".weight", { try transposed(file.array(from + source + "/kernel"), leading: 1, of: file.path) }),
                (to + name + ".bias", { try file.array(from + source + "/bias") }),
            ]
        }
        return norm("norm1", "LayerNorm_0") + norm("norm2", "LayerNorm_2") + dense("mlp.fc1", "MlpBlock_3/Dense_0") + dense("mlp.fc2", "MlpBlock_3/Dense_1") + [
            (to + "attn.qkv.weight", {
                try stacked(["query", "key", "value"].map { try transposed(file.array(attention + $0 + "/kernel"), leading: 1, of: file.path) }, of: file.path)
            }),
            (to + "attn.qkv.bias", { try stacked(["query", "key", "value"].map { try flat(file.array(attention + $0 + "/bias")) }, of: file.path) }),
            (to + "attn.proj.weight", { try transposed(file.array(attention + "out/kernel"), leading: 2, of: file.path) }),
            (to + "attn.proj.bias", { try file.array(attention + "out/bias") }),
        ]
    }

    /// (height, width, in, out) to (out, in, height, width).
    private static func convolution(_ array: NamedArray, of path: String) throws -> NamedArray {
        guard array.shape.count == 4, !array.values.isEmpty else { throw misshapen(array, "4", path) }
        let (area, depth, width) = (array.shape[0] * array.shape[1], array.shape[2], array.shape[3])
        var values = [Float](repeating: 0, count: array.values.count)
        for place in 0..<area {
            for channel in 0..<depth {
                for out in 0..<width { values[(out * depth + channel) * area + place] = array.values[(place * depth + channel) * width + out] }
            }
        }
        return NamedArray(name: array.name, shape: [width, depth, array.shape[0], array.shape[1]], values: values)
    }

    /// The first `leading` axes taken as one, the others as one, and the two exchanged.
    private static func transposed(_ array: NamedArray, leading: Int, of path: String) throws -> NamedArray {
        guard array.shape.count > leading, !array.values.isEmpty else { throw misshapen(array, "at least \(leading + 1)", path) }
        let rows = array.shape[..<leading].reduce(1, *), columns = array.shape[leading...].reduce(1, *)
        var values = [Float](repeating: 0, count: array.values.count)
        for row in 0..<rows {
            for column in 0..<columns { values[column * rows + row] = array.values[row * columns + column] }
        }
        return NamedArray(name: array.name, shape: [columns, rows], values: values)
    }

    private static func flat(_ array: NamedArray) -> NamedArray {
        NamedArray(name: array.name, shape: [array.values.count], values: array.values)
    }

    /// Arrays one after the other along the first axis.
    private static func stacked(_ arrays: [NamedArray], of path: String) throws -> NamedArray {
        let inner = arrays.first?.shape.dropFirst() ?? []
        if let odd = arrays.first(where: { $0.shape.dropFirst() != inner }) {
            throw ViTError("\(path): tensor `\(odd.name)` is \(odd.shape.dropFirst()) wide; its block's query is \(inner)")
        }
        let rows = arrays.reduce(0) { $0 + ($1.shape.first ?? 0) }
        return NamedArray(name: "", shape: [rows] + inner, values: arrays.flatMap(\.values))
    }

    private static func misshapen(_ array: NamedArray, _ axes: String, _ path: String) -> ViTError {
        ViTError("\(path): tensor `\(array.name)` has shape \(array.shape); \(axes) axes, none of them empty, are expected")
    }
}
