internal import Foundation
internal import TensorFiles

/// What a run was: enough to repeat it, and to see why another one differs.
public struct RunManifest: Codable, Sendable {
    /// Of this file's form.
    public var version = 1
    public var specification: ExperimentSpecification
    /// SHA-256 of the specification's values, hexadecimal.
    public var specificationHash: String
    /// SHA-256 of names, labels and bytes of all pictures.
    public var dataHash: String
    /// What the pictures were: their counts, and warnings such as counts that are not the published ones. Runs of the first
    /// version of this program lack it.
    public var data: DataSummary?
    /// SHA-256 of the weights' file; `random` and the seed where there was none.
    public var weightsHash: String
    /// SHA-256 of the executable.
    public var programHash: String
    public var seed: UInt64
    public var threads: Int
    /// Processes that shared the work; nil for one alone. Results depend neither on them nor on the threads of each.
    public var processes: Int?
    public var processor: String
    /// Library, kernel family and precision of products, `OpenBLAS SkylakeX f32`: bytes are equal only within one.
    public var blasKernel: String
    /// With `products=measured`, whose product was run for each shape (inputs x outputs): `384x1152` to `onednn`.
    public var products: [String: String]?
    /// Trained values.
    public var trainableParameters: Int
    /// Values of the backbone, without a classifier.
    public var backboneParameters: Int
    /// ISO 8601, UTC.
    public var started: String
    /// SHA-256 of the model file whose values training started from, if any.
    public var startedFromHash: String?
    /// Each time that training was taken up again; program, threads and processor above are those that it began with.
    public var resumed: [Resumption]?

    public struct Resumption: Codable, Equatable, Sendable {
        /// ISO 8601, UTC.
        public var started: String
        /// The first step of this part.
        public var position: TrainingPosition
        /// That the run was to have, said anew; the schedule may follow from it.
        public var epochs: Int
        public var programHash: String
        public var threads: Int
        public var processor: String
        public var blasKernel: String
    }

    /// Of a run that goes on: what this manifest says of program and machine becomes the last of its resumptions.
    func resuming(_ earlier: RunManifest, at position: TrainingPosition) -> RunManifest {
        var result = self
        (result.started, result.threads) = (earlier.started, earlier.threads)
        (result.programHash, result.processor, result.blasKernel) = (earlier.programHash, earlier.processor, earlier.blasKernel)
        result.products = earlier.products
        result.resumed = (earlier.resumed ?? []) + [
            Resumption(
                started: started, position: position, epochs: specification.training.epochs, programHash: programHash, threads: threads,
                processor: processor, blasKernel: blasKernel)
        ]
        return result
    }
}

extension ExperimentSpecification {
    /// SHA-256 over the values; where they came from, the run's name, its trackers and the number of threads do not count.
    public func hash() throws -> String {
        var values = self
        values.provenance = [:]
        values.training.name = nil
        values.threads = nil
        if values.precision == .standard { values.precision = nil }
        values.tracking = nil
        return try SHA256.hash(bytes: JSONFile.encode(values))
    }
}

extension ExperimentSpecification {
    /// SHA-256 over what a training's state depends on: equal for two runs that can hand each other their checkpoints.
    func stateHash() throws -> String {
        var values = self
        values.training = TrainingOptions(batch: training.batch, perClass: training.perClass, microBatch: training.microBatchSize)
        values.evaluation = EvaluationOptions()
        return try values.hash()
    }
}
