import MetricLearning
import TensorEngine
import Testing

@Suite struct ClusterAgreementTests {
    @Test func equalsScikitLearn() throws {
        for known in try MetricCases.load().agreement {
            let found = try ClusterAgreement(clusters: known.clusters, labels: known.labels)
            #expect(abs(found.normalizedMutualInformation - known.nmi) < 1e-12)
            #expect(abs(found.pairF1 - known.f1) < 1e-12)
        }
    }

    @Test func equalsTheReferenceCase() throws {
        let golden = try Golden("metrics")
        let found = try ClusterAgreement(clusters: golden.labels("clusters"), labels: golden.labels())
        #expect(abs(found.normalizedMutualInformation - 0.19509134523660993) < 1e-12)
    }

    /// Clusters {0, 1}, {2, 3} of classes {0, 1, 2}, {3}: pairs 01 and 23 are found, 01, 02 and 12 are wanted, 01 is both.
    @Test func countsPairsByHand() throws {
        let found = try ClusterAgreement(clusters: [5, 5, 9, 9], labels: [1, 1, 1, 2])
        #expect(abs(found.pairF1 - 2 * (0.5 * 1 / 3) / (0.5 + 1.0 / 3)) < 1e-15)
        // I = log 2 - (3/4) H(1/3), H(clusters) = log 2.
        let information = 0.6931471805599453 - 0.75 * 0.6365141682948128
        let classes = 0.5623351446188083
        #expect(abs(found.normalizedMutualInformation - information / ((0.6931471805599453 + classes) / 2)) < 1e-12)
    }

    @Test func namesOfClustersDoNotMatter() throws {
        let (a, b) = ([0, 0, 1, 1, 2, 2, 2], [1, 1, 1, 0, 0, 0, 2])
        #expect(try ClusterAgreement(clusters: a, labels: b) == ClusterAgreement(clusters: a.map { 9 - 3 * $0 }, labels: b))
    }

    @Test func refusesWhatDoesNotFit() {
        #expect(throws: MetricLearningError.self) { try ClusterAgreement(clusters: [1], labels: [1, 2]) }
        #expect(throws: MetricLearningError.self) { try ClusterAgreement(clusters: [], labels: []) }
    }
}
