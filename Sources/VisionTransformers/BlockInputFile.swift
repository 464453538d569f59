import TensorEngine
import TensorFiles

/// What enters a network's blocks, and the second halves of them, put aside until the gradient comes back: one block at a time is then
/// computed again, and holds what that block alone needs.
///
/// The values lie in a file without a name, and are written and read where they were in the step before, so that the system keeps them in memory
/// that is free and on the disk otherwise.
public final class BlockInputFile {
    struct Place: Hashable {
        /// Of the batch.
        let microBatch: Int
        /// Over the same images: under shared prompts, under those of classes.
        let pass: Int
        let block: Int
        let part: Part
    }

    enum Part {
        /// What enters the block.
        case input
        /// The stream after its attention, and the log-sum-exps of that.
        case attended, logSums
    }

    private let file: RecordFile
    private var places: [Place: (offset: Int, shape: [Int])] = [:]
    /// Its size, bytes: that of the largest step so far.
    public private(set) var size = 0

    /// - Parameter folder: one on a disk; in a file system of memory the values take memory
    /// - Throws: `TensorFileError` naming the folder when no file can be made there.
    public init(folder: String) throws { file = try RecordFile.unnamed(in: folder) }

    /// - Throws: `TensorFileError` naming the folder, when its disk is full, say.
    func put(_ value: Tensor, at place: Place) throws {
        let bytes = value.count * MemoryLayout<Float>.size
        if places[place]?.shape != value.shape {
            places[place] = (size, value.shape)
            size += bytes
        }
        guard let offset = places[place]?.offset else { return }
        try file.write(UnsafeRawBufferPointer(start: value.pointer, count: bytes), at: offset)
    }

    /// What was put there last.
    func take(from place: Place) throws -> Tensor {
        guard let (offset, shape) = places[place] else {
            throw ViTError("nothing of block \(place.block) was put aside for micro-batch \(place.microBatch)")
        }
        let result = Tensor(uninitialized: shape)
        try file.read(into: UnsafeMutableRawBufferPointer(start: result.pointer, count: result.count * MemoryLayout<Float>.size), at: offset)
        return result
    }
}

/// What enters the blocks, and their halves, in one pass over the images of a micro-batch; what enters the first block is the same in all passes.
public struct BlockInputs {
    private let file: BlockInputFile
    private let microBatch, pass: Int

    public init(_ file: BlockInputFile, microBatch: Int, pass: Int) { (self.file, self.microBatch, self.pass) = (file, microBatch, pass) }

    func put(_ value: Tensor, _ part: BlockInputFile.Part = .input, block: Int) throws { try file.put(value, at: place(block, part)) }
    func take(_ part: BlockInputFile.Part = .input, block: Int) throws -> Tensor { try file.take(from: place(block, part)) }
    private func place(_ block: Int, _ part: BlockInputFile.Part) -> BlockInputFile.Place {
        .init(microBatch: microBatch, pass: block == 0 ? 0 : pass, block: block, part: part)
    }
}
