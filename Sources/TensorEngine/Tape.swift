import VectorKernels

/// A named tensor that training may move.
public final class Parameter {
    public let name: String
    public var value: Tensor
    public var isTrainable: Bool
    /// What the last backward pass found, added to what was there; nil before and after `gradient = nil`.
    public var gradient: Tensor?

    public init(name: String, value: Tensor, isTrainable: Bool = false) {
        self.name = name
        self.value = value
        self.isTrainable = isTrainable
    }
}

/// A value in a computation, and whether some trainable parameter feeds it.
public final class Variable {
    public let value: Tensor
    /// The place of its gradient on the tape; nil when nobody wants one.
    let slot: Int?
    /// A parameter that no optimiser moves: what is made from it once stays right.
    let isFrozen: Bool

    init(value: Tensor, slot: Int?, isFrozen: Bool = false) {
        self.value = value
        self.slot = slot
        self.isFrozen = isFrozen
    }

    public var needsGradient: Bool { slot != nil }
    public var shape: [Int] { value.shape }
}

/// Records operations and runs them backwards.
///
/// An operation is recorded only when an input needs a gradient, and its closure holds only what the gradients that
/// are wanted need: a frozen weight costs no saved input. Entries go as they are run, and their memory with them.
public final class Tape {
    public let engine: Engine
    public let isRecording: Bool

    private struct Entry {
        let output: Int
        let inputs: [Int?]
        let backward: (Tensor) throws -> [Tensor?]
    }

    private var entries: [Entry] = []
    private var slots = 0
    private var parameters: [ObjectIdentifier: (parameter: Parameter, variable: Variable)] = [:]
    private var parameterOrder: [ObjectIdentifier] = []

    public init(engine: Engine, recording: Bool = true) {
        self.engine = engine
        isRecording = recording
    }

    public func constant(_ value: Tensor) -> Variable { Variable(value: value, slot: nil) }

    /// The parameter as a variable; the same variable each time, so that its uses add up.
    public func parameter(_ parameter: Parameter) -> Variable {
        guard isRecording, parameter.isTrainable else { return Variable(value: parameter.value, slot: nil, isFrozen: !parameter.isTrainable) }
        let key = ObjectIdentifier(parameter)
        if let known = parameters[key] { return known.variable }
        let variable = Variable(value: parameter.value, slot: newSlot())
        parameters[key] = (parameter, variable)
        parameterOrder.append(key)
        return variable
    }

    private func newSlot() -> Int {
        slots += 1
        return slots - 1
    }

    /// Adds an operation. `backward` gets dL/dvalue and returns dL/dinput for each input in order, nil where it has none;
    /// it is kept, and called, only when some input needs a gradient.
    public func record(_ value: Tensor, inputs: [Variable], backward: @escaping (_ gradient: Tensor) throws -> [Tensor?]) -> Variable {
        guard isRecording, inputs.contains(where: \.needsGradient) else { return constant(value) }
        let slot = newSlot()
        entries.append(Entry(output: slot, inputs: inputs.map(\.slot), backward: backward))
        return Variable(value: value, slot: slot)
    }

    /// True when an operation on these inputs would be recorded, so that saving for its backward pass makes sense.
    public func records(_ inputs: Variable?...) -> Bool {
        isRecording && inputs.contains { $0?.needsGradient == true }
    }

    /// Gradients of a one-element loss, added into `Parameter.gradient`. The tape is empty afterwards.
    public func backward(from loss: Variable) throws {
        guard loss.value.count == 1 else { throw EngineError("backward", "the loss has shape \(loss.shape); expected one element") }
        try backward(from: [(loss, Tensor([1], shape: loss.shape))])
    }

    /// The same from any variables with a given dL/dvariable each (the second pass of two-pass training); those that no
    /// trainable parameter feeds are passed over. A parameter's gradient is added to in the order in which parts are found, so that tapes
    /// that run one after the other have the sums of one tape, to the last bit.
    public func backward(from roots: [(variable: Variable, gradient: Tensor)]) throws {
        var gradients: [Int: Tensor] = [:]
        for (parameter, variable) in parameters.values { if let slot = variable.slot { gradients[slot] = parameter.gradient } }
        for (variable, gradient) in roots {
            guard gradient.count == variable.value.count else {
                throw EngineError.shapes("backward", variable.shape, gradient.shape, expected: "a gradient of the variable's shape")
            }
            if let slot = variable.slot { accumulate(gradient, in: &gradients, at: slot) }
        }
        while let entry = entries.popLast() {
            guard let outgoing = gradients.removeValue(forKey: entry.output) else { continue }
            let incoming = try entry.backward(outgoing)
            for (slot, value) in zip(entry.inputs, incoming) {
                guard let slot, let value else { continue }
                accumulate(value, in: &gradients, at: slot)
            }
        }
        for key in parameterOrder {
            guard let (parameter, variable) = parameters[key], let slot = variable.slot, let value = gradients.removeValue(forKey: slot) else { continue }
            parameter.gradient = try value.reshaped(parameter.value.shape)
        }
        parameters = [:]
        parameterOrder = []
    }

    private func accumulate(_ value: Tensor, in gradients: inout [Int: Tensor], at slot: Int) {
        guard var old = gradients.removeValue(forKey: slot) else {
            gradients[slot] = value
            return
        }
        // Writing in place is right only where no other slot or closure sees the same storage.
        if !old.isUnique() || old.format != .f32 {
            gradients[slot] = sum(old, value)
            return
        }
        add(value, to: old)
        gradients[slot] = old
    }

    private func sum(_ a: Tensor, _ b: Tensor) -> Tensor {
        let result = a.format == .f32 ? a.copy() : a.inF32()
        add(b, to: result)
        return result
    }

    private func add(_ value: Tensor, to target: Tensor) {
        let to = target.pointer
        switch value.format {
        case .f32:
            let from = value.pointer
            engine.forElements(target.count) { range in vk_add(to + range.lowerBound, from + range.lowerBound, Int64(range.count)) }
        case .bf16:
            let from = value.halfPointer
            engine.forElements(target.count) { range in vk_add_bf16(to + range.lowerBound, from + range.lowerBound, Int64(range.count)) }
        }
    }
}
