internal import MessagePassing
import RandomStreams
import TensorEngine
import VisionTransformers

/// Where class prompts lie that are not in memory: one row a class with the values of all layers, and what the optimiser
/// remembers of them. Called from several threads at once, for different classes.
public protocol ClassPromptStore: AnyObject {
    /// Of the prompts that no step has written yet.
    var seed: UInt64 { get }
    /// A class's row as it was written for the `version`-th time: its values and, where `moments` has room, each moment.
    /// - Returns: the optimiser's steps on it.
    /// - Throws: when the row is not there or not whole.
    func read(
        _ label: Int, version: Int, values: UnsafeMutableBufferPointer<Float>?, moments: UnsafeMutableBufferPointer<Float>?
    ) throws -> Int
    /// Writes it for the `version`-th time; what the last checkpoint knew of it stays readable.
    func write(_ label: Int, version: Int, steps: Int, values: UnsafeBufferPointer<Float>, moments: UnsafeBufferPointer<Float>) throws
}

/// Class prompts of which only the batch's classes are in memory and move (`update=touched`).
///
/// A class that is in no batch keeps its prompts, its momentum or moments and its count of steps as they are: neither
/// decay nor momentum acts on it, and Adam's bias correction counts the steps of the class, not of the training (the lazy
/// rule of sparse optimisers). A class that no batch has had yet is nowhere stored: its prompts are a function of the
/// seed, the layer and the class, the same values that `update=dense` begins with.
public final class ClassPromptRows {
    /// Tokens of each layer, and the number that the initial deviation is computed with.
    public let counts: [Int]
    private let drawn: Int
    /// C and D.
    public let classes, width: Int
    /// `proxy.prompts.versions` (C): how often each class's row was written; 0 for one that is still as the seed has it.
    /// Saved with the model, so that a checkpoint says which state of each row is its own.
    public let versions: Parameter
    /// Set before the first step.
    public var store: (any ClassPromptStore)?
    /// `proxy.prompts.<layer>` (classes of the batch, m, D), where a step leaves its gradients.
    public private(set) var batch: [Parameter] = []
    /// False while nothing of them learns.
    public var isTrainable = true
    /// False when the last step made a value that is no number.
    public private(set) var isFinite = true
    private var places: [Int: Int] = [:]
    private var labels: [Int] = []
    /// Processes of which the first one alone has the store.
    private var group: ProcessGroup?

    /// Floats of a class: of all layers together.
    public var rowLength: Int { counts.reduce(0, +) * width }
    /// Values that learn, of all classes.
    public var count: Int { classes * rowLength }

    init(_ configuration: PromptConfiguration, classes: Int, width: Int, depth: Int) throws {
        try configuration.check(depth: depth, prefix: "proxy.prompts")
        (counts, drawn) = (configuration.counts, configuration.count)
        (self.classes, self.width) = (classes, width)
        versions = Parameter(name: "proxy.prompts.versions", value: Tensor(zeros: [classes]))
    }

    /// How often the class's row was written.
    public func version(_ label: Int) -> Int { Int(exactly: versions.value.pointer[label]) ?? 0 }

    private func ready() throws -> any ClassPromptStore {
        guard let store else { throw MetricLearningError("class prompts with update=touched have no file to live in; `train` makes one") }
        return store
    }

    /// The prompts of images of these classes, which `load` has brought.
    func promptSet(_ labels: [Int]) -> PromptSet {
        PromptSet(perClass: batch, labels: labels.map { places[$0] ?? -1 })
    }

    private var hasStore: Bool { group?.isFirst ?? true }

    /// Brings the rows of a batch's classes, all different, into `batch`.
    /// - Parameter group: processes that all get them; the first one reads and, in `move`, writes the store for all
    func load(_ labels: [Int], group: ProcessGroup?, engine: Engine) throws {
        self.group = group
        let batch = counts.enumerated().map { layer, tokens in
            Parameter(name: "proxy.prompts.\(layer)", value: Tensor(uninitialized: [labels.count, tokens, width]), isTrainable: isTrainable)
        }
        if hasStore { try read(labels, into: batch, engine: engine) }
        for parameter in batch { group?.broadcast(parameter.value.pointer, count: parameter.value.count) }
        self.batch = batch
        self.labels = labels
        places = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
    }

    private func read(_ labels: [Int], into batch: [Parameter], engine: Engine) throws {
        let store = try ready()
        try Self.inParallel(labels.count, engine) { place in
            let label = labels[place]
            guard self.version(label) > 0 else { return self.initialize(label, seed: store.seed, into: batch, at: place) }
            let row = Tensor(uninitialized: [self.rowLength])
            _ = try store.read(label, version: self.version(label), values: row.buffer, moments: nil)
            self.eachLayer(batch, place) { values, offset, count in values.update(from: row.pointer + offset, count: count) }
        }
    }

    /// One step of the optimiser on the rows of the batch, which are written to the store; nothing without gradients.
    func move(_ rule: OptimizerRule, rate: Double, decay: Double, engine: Engine) throws {
        let gradients = batch.compactMap(\.gradient)
        guard !batch.isEmpty, gradients.count == batch.count else { return }
        if hasStore { try write(gradients, rule, rate: rate, decay: decay, engine: engine) }
        if let group { isFinite = group.broadcast([isFinite ? 1 : 0]) == [1] }
    }

    private func write(_ gradients: [Tensor], _ rule: OptimizerRule, rate: Double, decay: Double, engine: Engine) throws {
        let store = try ready()
        let (length, kept) = (rowLength, rule.momentNames.count)
        let finite = Tensor(zeros: [labels.count])
        try Self.inParallel(labels.count, engine) { place in
            let (label, version) = (self.labels[place], self.version(self.labels[place]))
            let (values, moments) = (Tensor(uninitialized: [length]), Tensor(zeros: [kept * length]))
            let steps = version == 0 ? 0 : try store.read(label, version: version, values: nil, moments: moments.buffer)
            self.eachLayer(self.batch, place) { batch, offset, count in (values.pointer + offset).update(from: batch, count: count) }
            self.eachLayer(gradients, place) { slope, offset, count in
                rule.move(
                    values.pointer + offset, by: slope, moments: (0..<kept).map { moments.pointer + $0 * length + offset }, count: count, done: steps,
                    rate: rate, decay: decay)
            }
            finite.pointer[place] = values.isFinite && moments.isFinite ? 1 : 0
            try store.write(
                label, version: version + 1, steps: steps + 1, values: UnsafeBufferPointer(values.buffer), moments: UnsafeBufferPointer(moments.buffer))
            self.versions.value.pointer[label] = Float(version + 1)
        }
        isFinite = finite.array().allSatisfy { $0 == 1 }
    }

    func clearGradients() {
        for parameter in batch { parameter.gradient = nil }
    }

    /// Takes over what another store holds of the classes in `versions`, with a fresh optimiser: how training starts from a
    /// saved model. `versions` are those of the model's file.
    public func copyRows(from other: any ClassPromptStore, moments: Int) throws {
        let store = try ready()
        let (values, none) = (Tensor(uninitialized: [rowLength]), Tensor(zeros: [moments * rowLength]))
        for label in 0..<classes where version(label) > 0 {
            _ = try other.read(label, version: version(label), values: values.buffer, moments: nil)
            try store.write(label, version: 1, steps: 0, values: UnsafeBufferPointer(values.buffer), moments: UnsafeBufferPointer(none.buffer))
            versions.value.pointer[label] = 1
        }
    }

    // MARK: Parts of a row

    /// The values that `update=dense` begins with.
    private func initialize(_ label: Int, seed: UInt64, into batch: [Parameter], at place: Int) {
        for (layer, parameter) in batch.enumerated() {
            let size = counts[layer] * width
            Initialization.xavierNormalRow(
                label, count: size, fansOf: [classes, drawn, width], seed: seed, name: parameter.name, into: parameter.value.pointer + place * size)
        }
    }

    /// Calls `body` with each layer's values of the class at `place`, where they stand in its row, and how many they are.
    private func eachLayer(_ tensors: [Tensor], _ place: Int, _ body: (UnsafeMutablePointer<Float>, Int, Int) -> Void) {
        var offset = 0
        for (tensor, tokens) in zip(tensors, counts) {
            let count = tokens * width
            body(tensor.pointer + place * count, offset, count)
            offset += count
        }
    }

    private func eachLayer(_ parameters: [Parameter], _ place: Int, _ body: (UnsafeMutablePointer<Float>, Int, Int) -> Void) {
        eachLayer(parameters.map(\.value), place, body)
    }

    /// Runs `body` with 0..<count on the engine's threads, and throws what the first of them in order threw.
    private static func inParallel(_ count: Int, _ engine: Engine, _ body: (Int) throws -> Void) throws {
        var failures = [(any Error)?](repeating: nil, count: count)
        failures.withUnsafeMutableBufferPointer { failures in
            let places = failures
            engine.pool.run(count) { place in
                do { try body(place) } catch { places[place] = error }
            }
        }
        if let first = failures.compactMap({ $0 }).first { throw first }
    }
}

extension Tensor {
    fileprivate var buffer: UnsafeMutableBufferPointer<Float> { UnsafeMutableBufferPointer(start: pointer, count: count) }
}
