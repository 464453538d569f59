internal import TensorFiles

/// A checkpoint of the program that its authors published with the paper (Ren et al., ICLR 2024), under our names and in our
/// conventions: a `.pth` file of the network's `state_dict`, alone or inside a dictionary, or the same names as safetensors.
struct AuthorsCheckpoint {
    let path: String
    private let shapes: [String: [Int]]
    private let read: (String) throws -> NamedArray
    /// What stands before the program's own names: `module.`, `state_dict.`.
    private let prefix: String

    /// - Throws: `TensorFileError` for a file that cannot be read, ``ExperimentError`` for one of something else.
    init(path: String) throws {
        self.path = path
        if path.lowercased().hasSuffix(".safetensors") {
            let file = try SafeTensorsFile(path: path)
            shapes = Dictionary(file.names.map { ($0, file.entry($0)?.shape ?? []) }, uniquingKeysWith: { first, _ in first })
            read = file.array
        } else {
            let file = try TorchFile(path: path)
            shapes = Dictionary(file.names.map { ($0, file.shape($0) ?? []) }, uniquingKeysWith: { first, _ in first })
            read = file.array
        }
        let sign = "model.patch_embed.proj.weight"
        let prefixes = shapes.keys.filter { $0.hasSuffix(sign) }.map { String($0.dropLast(sign.count)) }.sorted()
        guard let first = prefixes.first, prefixes.count == 1 else {
            throw ExperimentError(
                .input, prefixes.isEmpty ? "\(path) is no checkpoint of the authors' program: it has no tensor `\(sign)`" : "\(path) holds \(prefixes.count) networks",
                help: ["weights of a backbone alone are loaded with `load … weights=`", "what `save` wrote comes back with `restore`"])
        }
        prefix = first
        if let name = names.first(where: { $0.hasPrefix("dist_head.") }) {
            throw ExperimentError(.input, "\(path) has a second head for the distillation token (`\(name.printable)`), which no head here is")
        }
        if let name = names.first(where: { $0.hasPrefix("model.") && $0.contains(".adapter.") }) {
            throw ExperimentError(
                .input, "\(path) has adapters (`\(name.printable)`): the authors' blocks with adapters attend with 12 heads and without a bias of queries, keys and values, which no network here does",
                help: ["train the row here: `method adapter`"])
        }
    }

    /// Of the program's own names, sorted.
    var names: [String] { shapes.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }.sorted() }

    func shape(_ name: String) -> [Int]? { shapes[prefix + name] }

    /// - Throws: ``ExperimentError`` when it is missing.
    func array(_ name: String) throws -> NamedArray {
        guard shape(name) != nil else { throw ExperimentError(.input, "\(path) has no tensor `\(name)`") }
        return try read(prefix + name)
    }

    // MARK: What the names say

    /// C, training classes.
    func classes() throws -> Int {
        guard let shape = shape("proxies_bias"), shape.count == 2, (1...100_000_000).contains(shape[0]) else {
            throw ExperimentError(.input, "\(path) has no proxies (`proxies_bias`, classes x dim)")
        }
        return shape[0]
    }

    /// E; nil without a head.
    var embedding: Int? { shape("head.weight").flatMap { $0.count == 2 ? $0[0] : nil } }

    /// Layers and tokens of `prompts` or `p_prompts`; nil without.
    func prompts(_ name: String) -> (layers: Int, count: Int)? {
        guard let first = shape(name + ".0"), first.count == 3 else { return nil }
        var layers = 1
        while shape("\(name).\(layers)") != nil { layers += 1 }
        return (layers, first[1])
    }

    var hasProxyHead: Bool { shape("p_head.weight") != nil }
    var hasRecurrence: Bool { shape("rnn_update.W_iz") != nil }
    /// The stored semantic proxies; the program keeps them outside of its `state_dict`.
    var hasContainer: Bool { container != nil }
    private var container: String? { ["proxies_container", prefix + "proxies_container"].first { shapes[$0] != nil } }

    // MARK: Its tensors under our names

    /// Where a tensor of ours comes from.
    private enum Source {
        case same(String)
        /// Weights that the program multiplies from the right, (in, out).
        case turned(String, sign: Float)
        case signed(String, sign: Float)
    }

    private static func source(_ name: String) -> Source? {
        // Its gate z is the share of the old state, ours that of the new one: sigma(-x) = 1 - sigma(x).
        let gates: [String: (String, Float)] = ["z": ("z", -1), "r": ("r", 1), "h": ("n", 1)]
        if name.hasPrefix("proxy.gru."), let gate = name.last.flatMap({ gates[String($0)] }) {
            switch name.dropFirst("proxy.gru.".count).first {
            case "w": return .turned("rnn_update.W_i" + gate.0, sign: gate.1)
            case "u": return .turned("rnn_update.W_h" + gate.0, sign: gate.1)
            default: return .signed("rnn_update.b_i" + gate.0, sign: gate.1)
            }
        }
        let parts = [
            ("backbone.", "model."), ("head.linear.", "head."), ("head.norm.", "fc_norm."), ("proxy.head.linear.", "p_head."), ("proxy.head.norm.", "p_fc_norm."),
            ("proxy.prompts.", "p_prompts."), ("prompts.", "prompts."),
        ]
        if name == "proxies" { return .same("proxies_bias") }
        guard let (ours, theirs) = parts.first(where: { name.hasPrefix($0.0) }) else { return nil }
        return .same(theirs + name.dropFirst(ours.count))
    }

    /// A tensor of ours, by its name and shape.
    /// - Parameter shape: prompts beyond it are left out: with a step, later layers use only their first ones.
    /// - Returns: nil for one that the program has no counterpart of.
    func tensor(_ name: String, shape: [Int]) throws -> NamedArray? {
        if name == "container" { return try container.map { try unitRows(checked(read($0), name, shape)) } }
        switch Self.source(name) {
        case .same(let theirs): return try checked(cut(array(theirs), to: shape), name, shape)
        case .signed(let theirs, let sign):
            var array = try checked(array(theirs), name, shape)
            if sign < 0 { array.values = array.values.map { -$0 } }
            return array
        case .turned(let theirs, let sign):
            let array = try array(theirs)
            guard array.shape.count == 2 else { return try checked(array, name, shape) }
            let (rows, columns) = (array.shape[0], array.shape[1])
            let values = (0..<columns).flatMap { column in (0..<rows).map { sign * array.values[$0 * columns + column] } }
            return try checked(NamedArray(name: name, shape: [columns, rows], values: values), name, shape)
        case nil: return nil
        }
    }

    /// The first tokens of each group.
    private func cut(_ array: NamedArray, to shape: [Int]) -> NamedArray {
        guard array.shape.count == 3, shape.count == 3, array.shape[0] == shape[0], array.shape[2] == shape[2], array.shape[1] > shape[1] else { return array }
        let (tokens, kept, width) = (array.shape[1], shape[1], shape[2])
        let values = (0..<shape[0]).flatMap { array.values[$0 * tokens * width..<($0 * tokens + kept) * width] }
        return NamedArray(name: array.name, shape: shape, values: values)
    }

    private func checked(_ array: NamedArray, _ name: String, _ shape: [Int]) throws -> NamedArray {
        guard array.shape == shape else {
            throw ExperimentError(.input, "\(path): tensor `\(array.name.printable)` has shape \(array.shape); `\(name)` needs \(shape)")
        }
        return NamedArray(name: name, shape: shape, values: array.values)
    }

    private func unitRows(_ array: NamedArray) -> NamedArray {
        let width = array.shape.last ?? 1
        var result = array
        for row in 0..<(width > 0 ? array.values.count / width : 0) {
            let length = array.values[row * width..<(row + 1) * width].reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            for i in row * width..<(row + 1) * width { result.values[i] = Float(Double(array.values[i]) / max(length, 1e-12)) }
        }
        return result
    }

    /// Tensors of the file that no tensor of ours comes from, each with the reason.
    func unmapped(_ ours: [String]) -> [(name: String, reason: String)] {
        let used = Set(ours.compactMap { name -> String? in
            switch Self.source(name) {
            case .same(let theirs)?, .turned(let theirs, _)?, .signed(let theirs, _)?: theirs
            case nil: nil
            }
        })
        return names.filter { !used.contains($0) && $0 != "proxies_container" && !$0.hasPrefix("prompts.") && !$0.hasPrefix("p_prompts.") }.map { name in
            let reasons = [("model.head", "the pretrained classifier"), ("rnn_update.W_ia", "unused there too"), ("p_prompts_buffer.", "copies of a batch's class prompts")]
            return (name: name, reason: reasons.first { name.hasPrefix($0.0) }?.1 ?? "unknown")
        }
    }
}
