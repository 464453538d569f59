import TensorEngine

/// What a method puts into the blocks of a network whose own weights it leaves alone.
public struct BlockInsertions {
    /// By block.
    public var adapters: [Int: BlockAdapter] = [:]
    /// By block.
    public var updates: [Int: [LowRankUpdate]] = [:]

    public init() {}

    /// Block by block, adapters first.
    public var parameters: [Parameter] {
        adapters.sorted { $0.key < $1.key }.flatMap(\.value.parameters)
            + updates.sorted { $0.key < $1.key }.flatMap { $0.value.flatMap { [$0.a, $0.b] } }
    }
}
