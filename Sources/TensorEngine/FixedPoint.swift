/// Room for values that a backward pass reads again, in fixed point: 24 bits each, the upper 16 and the rest in planes of their own; 16 alone
/// beside operands in bf16.
struct FixedPoint {
    private let upper: Tensor
    private let rest: Tensor?

    /// - Parameter isShort: whether 16 bits will do
    init(_ count: Int, isShort: Bool) {
        upper = Tensor(sixteenBits: [count])
        rest = isShort ? nil : Tensor(sixteenBits: [(count + 1) / 2])
    }

    func upper(at index: Int) -> UnsafeMutablePointer<UInt16> { upper.halfPointer + index }
    func rest(at index: Int) -> UnsafeMutablePointer<UInt8>? { rest.map { $0.raw(at: 0).assumingMemoryBound(to: UInt8.self) + index } }
}

extension Engine {
    /// Room for what goes with operands of this engine.
    func fixedPoint(_ count: Int) -> FixedPoint { FixedPoint(count, isShort: operandFormat == .bf16) }
}
