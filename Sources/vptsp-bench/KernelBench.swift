import ArgumentParser
import TensorEngine
import VectorKernels
import VisionTransformers

/// The parts that a step is made of, one line each.
struct KernelBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kernels", abstract: "Rates of matrix products, attention and element-wise kernels at the sizes of a network.")

    @Option(help: "vit-s16, vit-b16 or vit-nano, with their batch of 16 images") var vit = "vit-s16"
    @Option(help: "worker threads") var threads = 2
    @Option(help: "seconds for each kernel") var seconds = 0.3
    @Option(help: "of products and attention") var precision = Precision.f32
    @Option(help: "whose products in f32") var library = ProductLibrary.openblas

    struct Line: Encodable {
        let bench = "kernels"
        let kernel, shape: String
        let threads: Int
        let seconds: Timing
        /// One of the two: products count operations, the others bytes read and written.
        let gflopPerSecond, gigabytesPerSecond: Double?
        let peakMib: Int
    }

    func validate() throws {
        guard ["vit-s16", "vit-b16", "vit-nano"].contains(vit) else { throw ValidationError("--vit \(vit) is not one of vit-s16, vit-b16, vit-nano") }
        guard 1...1024 ~= threads, seconds > 0, seconds <= 60 else { throw ValidationError("--threads or --seconds is out of range") }
    }

    func run() throws {
        let vit = ["vit-b16": ViTConfiguration.base16, "vit-nano": .nano][vit] ?? .small16
        let engine = try Engine(threads: threads, precision: precision, library: library)
        let images = 16
        let rows = images * vit.tokens
        for (name, inner, outer) in [
            ("qkv", vit.dim, 3 * vit.dim), ("projection", vit.dim, vit.dim), ("fc1", vit.dim, vit.hidden), ("fc2", vit.hidden, vit.dim),
        ] {
            let way = precision != .f32 ? ", \(precision.rawValue)" : library == .openblas ? "" : ", \(library.rawValue)"
            try product("product \(name)\(way)", rows, inner, outer, engine)
        }
        try attention(vit, images: images, engine)
        try elementwise("gelu", rows, vit.hidden, traffic: 2, engine) { vk_gelu($0, $1, Int64($2 * vit.hidden)) }
        try elementwise("gelu, backward", rows, vit.hidden, traffic: 3, engine) { vk_gelu_backward($0, $0, $1, Int64($2 * vit.hidden)) }
        let (weight, bias) = (filled([vit.dim]), filled([vit.dim]))
        try elementwise("layer norm", rows, vit.dim, traffic: 2, engine) { x, y, rows in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * rows) { statistics in
                guard let statistics = statistics.baseAddress else { return }
                vk_layer_norm(x, weight.pointer, bias.pointer, 1e-6, Int64(rows), Int64(vit.dim), y, statistics, statistics + rows)
            }
        }
        try elementwise("softmax", images * vit.heads * vit.tokens, vit.tokens, traffic: 2, engine) { x, y, rows in
            y.update(from: x, count: rows * vit.tokens)
            withUnsafeTemporaryAllocation(of: Float.self, capacity: rows) { sums in
                guard let sums = sums.baseAddress else { return }
                vk_softmax(y, Int64(rows), Int64(vit.tokens), Int64(vit.tokens), 0.125, sums, 0, y)
            }
        }
        try elementwise("add", rows, vit.dim, traffic: 3, engine) { vk_add($1, $0, Int64($2 * vit.dim)) }
    }

    private func product(_ name: String, _ m: Int, _ k: Int, _ n: Int, _ engine: Engine) throws {
        let tape = Tape(engine: engine, recording: false)
        let (x, weight) = (tape.constant(filled([m, k])), tape.parameter(Parameter(name: "weight", value: filled([n, k]))))
        let timing = try Timing.of(seconds: seconds) { _ = try tape.linear(x, weight: weight, bias: nil) }
        try line(name, "\(m) x \(k) x \(n)", timing, operations: 2 * Double(m) * Double(k) * Double(n))
    }

    private func attention(_ vit: ViTConfiguration, images: Int, _ engine: Engine) throws {
        let qkv = filled([images, vit.tokens, 3 * vit.dim]).held(in: engine.operandFormat)
        let operations = 4 * Double(images) * Double(vit.tokens * vit.tokens * vit.dim)
        let shape = "\(images) x \(vit.tokens) x \(vit.dim), \(vit.heads) heads"
        let forward = try Timing.of(seconds: seconds) {
            let tape = Tape(engine: engine, recording: false)
            _ = try tape.attention(qkv: tape.constant(qkv), heads: vit.heads)
        }
        let name = precision == .f32 ? "attention" : "attention, \(precision.rawValue)"
        try line(name, shape, forward, operations: operations)
        let gradient = filled([images, vit.tokens, vit.dim])
        let parameter = Parameter(name: "qkv", value: qkv, isTrainable: true)
        let both = try Timing.of(seconds: seconds) {
            let tape = Tape(engine: engine)
            try tape.backward(from: [(tape.attention(qkv: tape.parameter(parameter), heads: vit.heads), gradient)])
            parameter.gradient = nil
        }
        try line("\(name), forward and backward", shape, both, operations: operations * 3.5)
    }

    /// Over rows in pieces of 32, shared among the threads.
    /// - Parameter traffic: how often as many bytes as the tensor has pass between memory and the processor
    private func elementwise(
        _ name: String, _ rows: Int, _ width: Int, traffic: Double, _ engine: Engine,
        _ kernel: (UnsafePointer<Float>, UnsafeMutablePointer<Float>, _ rows: Int) -> Void
    ) throws {
        let (x, y) = (filled([rows, width]), filled([rows, width]))
        let piece = 32
        let timing = Timing.of(seconds: seconds) {
            engine.pool.run((rows + piece - 1) / piece) { part in
                let start = part * piece
                kernel(x.pointer + start * width, y.pointer + start * width, min(piece, rows - start))
            }
        }
        try line(name, "\(rows) x \(width)", timing, bytes: traffic * Double(rows * width) * 4)
    }

    private func line(_ kernel: String, _ shape: String, _ timing: Timing, operations: Double? = nil, bytes: Double? = nil) throws {
        try printLine(
            Line(
                kernel: kernel, shape: shape, threads: threads, seconds: timing, gflopPerSecond: operations.map { $0 / timing.median / 1e9 },
                gigabytesPerSecond: bytes.map { $0 / timing.median / 1e9 }, peakMib: ProcessUsage.peakMib))
    }
}

/// Values that no kernel finds easy: neither zero nor denormal.
private func filled(_ shape: [Int]) -> Tensor {
    let tensor = Tensor(uninitialized: shape)
    for i in 0..<tensor.count { tensor.pointer[i] = Float(i % 251) / 251 - 0.5 }
    return tensor
}
