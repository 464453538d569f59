import MetricLearning
import TensorEngine
import Testing

@Suite struct ProxyAnchorLossTests {
    let engine: Engine
    init() throws { engine = try Engine(threads: 2) }

    @Test func equalsPytorchMetricLearning() throws {
        let golden = try Golden("loss-proxy-anchor")
        let found = try evaluate(
            ProxyAnchorLoss(divide: .present), golden.tensor("embeddings"), golden.labels(), golden.tensor("weights.0"), engine: engine)
        #expect(try abs(found.value - golden.tensor("loss").array()[0]) < 1e-4 * found.value)
        #expect(try worst(found.embeddings, golden.tensor("grad.embeddings")) < 1e-3)
        #expect(try worst(found.proxies, golden.tensor("grad.weights.0")) < 1e-3)
    }

    @Test(arguments: ProxyAnchorLoss.Mode.allCases, ProxyAnchorLoss.Divisor.allCases)
    func slopesAreDifferences(mode: ProxyAnchorLoss.Mode, divide: ProxyAnchorLoss.Divisor) throws {
        try expectGradient(
            of: ProxyAnchorLoss(alpha: 8, divide: divide, mode: mode), noise([6, 5], "e"), [0, 0, 2, 2, 3, 3], noise([4, 5], "p"), engine: engine)
    }

    /// The positive term divides by all classes or by those present, and nothing else changes.
    @Test func divisors() throws {
        let (e, p) = (noise([4, 5], "e"), noise([8, 5], "p"))
        func value(_ divide: ProxyAnchorLoss.Divisor, _ classes: Int) throws -> Float {
            try evaluate(ProxyAnchorLoss(divide: divide), e, [0, 0, 1, 1], p.rows(0..<classes), engine: engine).value
        }
        #expect(try value(.all, 2) == value(.present, 2))
        #expect(try value(.all, 8) < value(.present, 8))
    }

    @Test func cannotOverflow() throws {
        let e = try Tensor([1, 0, -1, 0], shape: [2, 2])
        let found = try evaluate(ProxyAnchorLoss(alpha: 1e6), e, [1, 0], Tensor([1, 0, -1, 0], shape: [2, 2]), engine: engine)
        #expect(found.value.isFinite && found.embeddings?.isFinite == true && found.proxies?.isFinite == true)
    }

    @Test func sameOnAnyNumberOfThreads() throws {
        let (e, p) = (noise([32, 48], "e"), noise([200, 48], "p"))
        let labels = (0..<32).map { $0 / 2 * 7 }
        let one = try evaluate(ProxyAnchorLoss(), e, labels, p, engine: Engine(threads: 1))
        let four = try evaluate(ProxyAnchorLoss(), e, labels, p, engine: Engine(threads: 4))
        #expect(one.value == four.value)
        #expect(one.proxies?.array() == four.proxies?.array())
    }

    @Test func aLabelWithoutProxyIsRefused() {
        #expect(throws: MetricLearningError("label 4 has no proxy; there are 4 classes")) {
            try evaluate(ProxyAnchorLoss(), noise([2, 5], "e"), [0, 4], noise([4, 5], "p"), engine: engine)
        }
    }
}
