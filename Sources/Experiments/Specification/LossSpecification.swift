public import MetricLearning

/// The loss and its settings, by the names of the language; also what chooses its pairs, and through it what stands for a
/// class and where embeddings are compared.
public typealias LossSpecification = LossSettings

extension LossSpecification {
    /// A loss with the settings that were given; the others are its defaults.
    /// - Throws: ``ExperimentError`` saying which setting cannot be, and what could.
    public static func named(_ name: String, _ given: [String: LossValue]) throws -> LossSpecification {
        do { return try LossSpecification(name, given) } catch let error as MetricLearningError {
            throw ExperimentError(.specification, error.description)
        }
    }
}

extension ExperimentSpecification {
    /// What `train` demands of loss, proxies and batch together; commands before it may set them one after the other.
    /// - Throws: ``ExperimentError``.
    func validateLoss() throws {
        let perClass = loss.proxiesPerClass
        if proxies.isSemantic, perClass != 1 {
            throw ExperimentError(
                .specification,
                "semantic proxies are one a class, but `loss \(loss.name)` \(perClass == 0 ? "uses no proxies" : "has \(perClass) proxies a class")",
                help: ["write `proxies none` before `train`, or choose a loss with one proxy a class: loss proxy-anchor"])
        }
        if perClass == 0, training.perClass < 2 {
            throw ExperimentError(
                .specification, "`loss \(loss.name)` compares images of one class, but a batch has one of each",
                help: ["train batch=\(training.batch) per-class=2"])
        }
    }
}
