import MetricLearning
import TensorEngine
import VisionTransformers

extension PortableEmbedder {
    /// The longest protobuf message: weights lie in the file itself.
    private static let longestModel = Int(Int32.max)

    /// Writes one ONNX graph: `images` (batch, 3, side, side), preprocessed, to `embeddings` (batch, E).
    ///
    /// Prompts are in it as the keys and values that they give each block, which is all that they do there.
    /// - Returns: values written.
    /// - Throws: `MetricLearningError` for a network beyond 2 GB, which such a file cannot hold.
    public func writeONNX(to path: String, engine: Engine) throws -> Int {
        let values = (backbone.map(\.value) + model.prompts.map(\.value)).reduce(0) { $0 + $1.count }
        guard values * 4 < Self.longestModel - (1 << 20) else {
            throw MetricLearningError("the network has \(values) values: an ONNX file with its weights inside holds at most 2 GB")
        }
        var writer = EmbedderGraph(self, engine: engine)
        let graph = try writer.built()
        let documentation = "images: (batch, 3, side, side), RGB, as `preprocessing` in the metadata entry `embedder` says; embeddings: (batch, dim)"
        try graph.model(named: "embedder", documentation: documentation, metadata: [("embedder", descriptionText())]).write(to: path)
        return writer.values
    }
}

/// Writes the network down, node by node.
private struct EmbedderGraph {
    private let embedder: PortableEmbedder
    private let configuration: ViTConfiguration
    private let engine: Engine
    private let tensors: [String: Tensor]
    private var graph = ONNXGraph()
    /// Weights written.
    private(set) var values = 0

    init(_ embedder: PortableEmbedder, engine: Engine) {
        self.embedder = embedder
        self.engine = engine
        configuration = embedder.model.backbone.configuration
        let parts = embedder.model.prompts + embedder.model.head.parameters + embedder.model.backbone.insertions.parameters
        tensors = Dictionary(embedder.backbone.map { ($0.name, $0.value) } + parts.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    mutating func built() throws -> ONNXGraph {
        let side = configuration.image
        graph.input("images", [.named("batch"), .fixed(3), .fixed(side), .fixed(side)])
        var x = try tokens()
        for block in 0..<configuration.depth { x = try self.block(block, x) }
        x = try norm(x, "norm", configuration.layout.epsilon)
        if configuration.layout.isDistilled {
            x = graph.node("ReduceMean", [x], [("axes", .integers([1])), ("keepdims", .integer(0))])
        } else {
            x = graph.reshape(x, [0, configuration.dim])
        }
        x = try head(x)
        _ = points(x)
        graph.output("embeddings", [.named("batch"), .fixed(embedder.model.head.dim)])
        return graph
    }

    // MARK: Tensors

    private func tensor(_ name: String) throws -> Tensor {
        guard let tensor = tensors[name] else { throw ViTError("the network has no tensor `\(name)`") }
        return tensor
    }

    private mutating func weight(_ name: String) throws -> String {
        let tensor = try tensor(name)
        return constant(name, tensor.shape, tensor.array())
    }

    private mutating func constant(_ name: String, _ shape: [Int], _ numbers: [Float]) -> String {
        values += numbers.count
        return graph.constant(name, shape, numbers)
    }

    // MARK: Parts of the network

    /// (batch, tokens, D): patches behind CLS and its like, each with its position; prompts that stay at the end.
    private mutating func tokens() throws -> String {
        let (d, layout) = (configuration.dim, configuration.layout)
        let kernel: [(String, ONNXGraph.Attribute)] = [("kernel_shape", .integers([configuration.patch, configuration.patch])), ("strides", .integers([configuration.patch, configuration.patch]))]
        let bias = layout.normalizesFirst ? [] : [try weight("patch_embed.proj.bias")]
        var x = graph.node("Conv", ["images", try weight("patch_embed.proj.weight")] + bias, kernel)
        x = graph.transpose(graph.reshape(x, [0, d, configuration.patches]), [0, 2, 1])
        let leading = try ["cls_token", layout.isDistilled ? "dist_token" : nil, layout.registers > 0 ? "reg_token" : nil]
            .compactMap { $0 }.flatMap { try tensor($0).array() }
        var positions = try tensor("pos_embed").array()
        if !layout.hasLeadingPositions { positions = [Float](repeating: 0, count: leading.count) + positions }
        for (place, value) in leading.enumerated() { positions[place] += value }
        x = graph.pad(x, before: layout.leadingTokens, after: 0)
        x = graph.node("Add", [x, constant("tokens", [1, configuration.tokens, d], positions)])
        if layout.normalizesFirst { x = try norm(x, "norm_pre", layout.epsilon) }
        guard let staying = stayingPrompts else { return x }
        let rows = [Float](repeating: 0, count: configuration.tokens * d) + staying.array()
        x = graph.pad(x, before: 0, after: staying.shape[1])
        return graph.node("Add", [x, constant("prompts", [1, configuration.tokens + staying.shape[1], d], rows)])
    }

    private var stayingPrompts: Tensor? {
        embedder.description.prompts == .shallow ? embedder.model.prompts.first?.value : nil
    }

    /// The last block works on the tokens alone that are read afterwards.
    private mutating func block(_ index: Int, _ x: String) throws -> String {
        let name = "blocks.\(index)"
        let tokens = configuration.tokens + (stayingPrompts?.shape[1] ?? 0)
        let isLast = index == configuration.depth - 1
        let read = isLast ? (configuration.layout.isDistilled ? 2 : 1) : tokens
        let h = try norm(x, name + ".norm1", configuration.layout.epsilon)
        let asking = isLast ? graph.first(read, of: h, axis: 1) : h
        let attended = try attention(index, asking: asking, answering: h, queries: read, tokens: tokens)
        let stream = isLast ? graph.first(read, of: x, axis: 1) : x
        let joined = graph.node("Add", [stream, try layerScaled(linear(attended, name + ".attn.proj"), name + ".ls1.gamma")])
        let normed = try norm(joined, name + ".norm2", configuration.layout.epsilon)
        let hidden = activated(try linear(normed, name + ".mlp.fc1"))
        let output = try layerScaled(linear(hidden, name + ".mlp.fc2"), name + ".ls2.gamma")
        let sum = graph.node("Add", [joined, output])
        guard let adapter = embedder.model.backbone.insertions.adapters[index] else { return sum }
        return graph.node("Add", [sum, try self.adapter(adapter, index, adapter.placement == .parallel ? joined : output)])
    }

    /// softmax(q [Kp; K]^T / sqrt d) [Vp; V] with the prompts' keys and values as constants, one for all images.
    private mutating func attention(_ block: Int, asking: String, answering: String, queries: Int, tokens: Int) throws -> String {
        let (d, heads) = (configuration.dim, configuration.heads)
        let width = d / heads
        let name = "blocks.\(block).attn.qkv"
        let asked = try linear(asking, name, outputs: 0..<d)
        let answers = try linear(answering, name, outputs: d..<3 * d)
        let parts = graph.split(answers, axis: 2, sizes: [d, d])
        let q = graph.scaled(
            graph.transpose(graph.reshape(asked, [0, queries, heads, width]), [0, 2, 1, 3]), by: 1 / Float(width).squareRoot(), named: "attention.scale")
        let k = graph.transpose(graph.reshape(parts[0], [0, tokens, heads, width]), [0, 2, 3, 1])
        let v = graph.transpose(graph.reshape(parts[1], [0, tokens, heads, width]), [0, 2, 1, 3])
        var scores = graph.node("MatMul", [q, k])
        let prefix = try prefix(block)
        if let prefix { scores = graph.node("Concat", [graph.node("MatMul", [q, prefix.keys]), scores], [("axis", .integer(3))]) }
        let shares = graph.node("Softmax", [scores], [("axis", .integer(3))])
        var result: String
        if let prefix {
            let split = graph.split(shares, axis: 3, sizes: [prefix.count, tokens])
            result = graph.node("Add", [graph.node("MatMul", [split[0], prefix.values]), graph.node("MatMul", [split[1], v])])
        } else {
            result = graph.node("MatMul", [shares, v])
        }
        result = graph.transpose(result, [0, 2, 1, 3])
        return graph.reshape(result, [0, queries, d])
    }

    /// Keys (1, heads, width, n) and values (1, heads, n, width) of a block's own prompts.
    private mutating func prefix(_ block: Int) throws -> (keys: String, values: String, count: Int)? {
        guard embedder.description.prompts == .deep, block < embedder.model.prompts.count else { return nil }
        let prompts = embedder.model.prompts[block].value
        let (n, d, heads) = (prompts.shape[1], configuration.dim, configuration.heads)
        guard n > 0 else { return nil }
        let width = d / heads
        let tape = Tape(engine: engine, recording: false)
        let parts = try ["norm1.weight", "norm1.bias", "attn.qkv.weight", "attn.qkv.bias"].map { tape.constant(try tensor("blocks.\(block)." + $0)) }
        let h = try tape.layerNorm(tape.constant(prompts), weight: parts[0], bias: parts[1], epsilon: configuration.layout.epsilon)
        let both = try tape.linear(h, weight: parts[2], bias: parts[3], outputs: d..<3 * d).value
        var (keys, values) = ([Float](repeating: 0, count: n * d), [Float](repeating: 0, count: n * d))
        for row in 0..<n {
            for column in 0..<d {
                let (head, place) = (column / width, column % width)
                keys[(head * width + place) * n + row] = both.pointer[row * 2 * d + column]
                values[(head * n + row) * width + place] = both.pointer[row * 2 * d + d + column]
            }
        }
        return (
            self.constant("prompts.\(block).keys", [1, heads, width, n], keys), self.constant("prompts.\(block).values", [1, heads, n, width], values), n
        )
    }

    private mutating func adapter(_ adapter: BlockAdapter, _ block: Int, _ input: String) throws -> String {
        let name = "adapters.\(block)"
        let entering = adapter.normPlace == .pre ? try norm(input, name + ".norm", 1e-5) : input
        var x = try linear(graph.node("Relu", [linear(entering, name + ".down")]), name + ".up")
        if adapter.normPlace == .post { x = try norm(x, name + ".norm", 1e-5) }
        return adapter.scale == 1 ? x : graph.scaled(x, by: adapter.scale, named: "adapter.scale")
    }

    private mutating func head(_ x: String) throws -> String {
        var x = x
        if embedder.description.head == .norm { x = try norm(x, "head.norm", 1e-5) }
        return embedder.description.head == .none ? x : try linear(x, "head.linear")
    }

    // MARK: Operations

    private mutating func norm(_ x: String, _ name: String, _ epsilon: Float) throws -> String {
        graph.node(
            "LayerNormalization", [x, try weight(name + ".weight"), try weight(name + ".bias")], [("axis", .integer(-1)), ("epsilon", .float(epsilon))])
    }

    /// x W^T + b. The constant holds W^T, so that it multiplies rows of any number of axes.
    private mutating func linear(_ x: String, _ name: String, outputs: Range<Int>? = nil) throws -> String {
        let whole = try tensor(name + ".weight")
        let (range, inputs) = (outputs ?? 0..<whole.shape[0], whole.shape[1])
        var turned = [Float](repeating: 0, count: range.count * inputs)
        turned.withUnsafeMutableBufferPointer { turned in
            for (row, output) in range.enumerated() {
                for i in 0..<inputs { turned[i * range.count + row] = whole.pointer[output * inputs + i] }
            }
        }
        let part = outputs == nil ? "" : range.lowerBound == 0 ? ".q" : ".kv"
        let weight = constant(name + part + ".weight.T", [inputs, range.count], turned)
        let bias = constant(name + part + ".bias", [range.count], Array(try tensor(name + ".bias").array()[range]))
        return graph.node("Add", [graph.node("MatMul", [x, weight]), bias])
    }

    private mutating func layerScaled(_ x: String, _ name: String) throws -> String {
        configuration.layout.hasLayerScale ? graph.node("Mul", [x, try weight(name)]) : x
    }

    /// GELU by the error function, or x sigma(1.702 x).
    private mutating func activated(_ x: String) -> String {
        if configuration.layout.activation == .quickGELU {
            return graph.node("Mul", [x, graph.node("Sigmoid", [graph.scaled(x, by: 1.702, named: "gelu.slope")])])
        }
        let error = graph.node("Erf", [graph.node("Div", [x, graph.constant("gelu.root", [], [Float(2).squareRoot()])])])
        let sum = graph.node("Add", [error, graph.constant("one", [], [1])])
        return graph.scaled(graph.node("Mul", [x, sum]), by: 0.5, named: "half")
    }

    /// Unit rows, or points of the ball; the steps are those of `PoincareBall`.
    private mutating func points(_ x: String) -> String {
        let small = graph.constant("tiny", [], [1e-12])
        let length = graph.node("ReduceL2", [x], [("axes", .integers([-1])), ("keepdims", .integer(1))])
        guard case .ball(let ball) = embedder.model.space else {
            return graph.node("Div", [x, graph.node("Max", [length, small])], output: "embeddings")
        }
        let root = Float(ball.curvature.squareRoot())
        let (one, margin) = (graph.constant("one", [], [1]), graph.constant("ball.margin", [], [1e-5]))
        let share = graph.node("Div", [graph.constant("ball.clip", [], [Float(ball.clip)]), graph.node("Add", [length, margin])])
        let clipping = graph.node("Min", [share, one])
        let (clipped, clippedLength) = (graph.node("Mul", [x, clipping]), graph.node("Mul", [length, clipping]))
        let held = graph.scaled(graph.node("Max", [clippedLength, margin]), by: root, named: "ball.root")
        let bounded = graph.node("Tanh", [graph.node("Min", [held, graph.constant("ball.most", [], [15])])])
        let factor = graph.node("Div", [bounded, held])
        let (mapped, mappedLength) = (graph.node("Mul", [clipped, factor]), graph.node("Mul", [clippedLength, factor]))
        let rim = graph.node("Div", [graph.constant("ball.rim", [], [(1 - 1e-3) / root]), graph.node("Max", [mappedLength, small])])
        return graph.node("Mul", [mapped, graph.node("Min", [rim, one])], output: "embeddings")
    }
}
