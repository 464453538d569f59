internal import Foundation
internal import TensorFiles
internal import VisionTransformers

/// The room on a disk that `train memory=low` takes for what enters the blocks of a batch.
struct BlockInputSpace {
    /// Bytes, at most.
    let size: Int

    /// `TMPDIR`, or what is on a disk by convention (`/tmp` is memory on many systems).
    static var folder: String { ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/var/tmp" }

    /// - Parameter pictures: of the batch that are this process's
    /// - Returns: nil where nothing is put aside
    init?(_ specification: ExperimentSpecification, _ vit: ViTConfiguration, pictures: Int) {
        guard specification.training.isFrugal, specification.learnsInside else { return nil }
        let staying = specification.prompts.placement == .shallow && specification.prompts.isOn ? specification.prompts.count : 0
        let passes = specification.proxies.hasClassPrompts ? 2 : 1
        // Of each block what enters it and its second half; where weights learn the latter is computed again.
        let streams = (specification.tuning.isFull ? 1 : 2) * vit.depth
        let bytes = [pictures, vit.tokens + staying, vit.dim, streams, passes, 4].reduce(1.0) { $0 * Double($1) }
        size = bytes < 1e18 ? Int(bytes) : .max
    }

    /// - Throws: ``ExperimentError`` when the folder cannot be written, or its disk has less room than that.
    func check() throws {
        let elsewhere = "TMPDIR=FOLDER vptsp … takes a folder on another disk"
        do {
            _ = try BlockInputFile(folder: Self.folder)
        } catch let error as TensorFileError {
            throw ExperimentError(.running, "memory=low puts what enters the network's blocks into a file: \(error)", help: [elsewhere])
        }
        guard let free = RecordFile.room(in: Self.folder), free < size else { return }
        throw ExperimentError(
            .running,
            "memory=low puts \(MemoryBudget.size(Double(size))) of each batch into a file in \(Self.folder), where \(MemoryBudget.size(Double(free))) are free",
            help: [elsewhere, "a smaller batch takes less"])
    }
}
