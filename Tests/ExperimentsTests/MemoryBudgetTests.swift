import Experiments
import Testing

@Suite struct MemoryBudgetTests {
    /// Each size is within its option's range; together they ask for terabytes: 256 (12 d^2 + 13 d) and the embeddings, d = 16384.
    @Test func aNetworkThatCannotFitIsRefusedWithTheArithmetic() throws {
        let experiment = Experiment()
        experiment.specification.backbone = BackboneSpecification(
            name: "vit", shape: BackboneSpecification.Shape(image: 64, patch: 8, dim: 16384, depth: 256, heads: 1, mlpRatio: 4))
        let error = #expect(throws: ExperimentError.self) { try experiment.loadBackbone() }
        #expect(error?.message.contains("16384 x 256, 824692 M numbers of 4 bytes, takes about 3.0 TiB, more than the") == true, "\(error?.message ?? "")")
    }
}
