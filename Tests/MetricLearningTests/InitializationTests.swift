import MetricLearning
import TensorEngine
import Testing

@Suite struct InitializationTests {
    private func deviation(_ x: Tensor) -> Double {
        (x.array().reduce(0) { $0 + Double($1) * Double($1) } / Double(x.count)).squareRoot()
    }

    @Test func xavierUniformFillsItsBound() {
        let x = Initialization.xavierUniform([300, 200], seed: 1, name: "x").array()
        let bound = Float((6.0 / 500).squareRoot())
        #expect(x.allSatisfy { abs($0) <= bound })
        #expect((x.max() ?? 0) > 0.99 * bound && (x.min() ?? 0) < -0.99 * bound)
    }

    /// torch's default for a linear layer: +-1/sqrt(inputs).
    @Test func kaimingUniformFillsItsBound() {
        let x = Initialization.kaimingUniform([50, 400], seed: 1, name: "x").array()
        #expect(x.allSatisfy { abs($0) <= 0.05 })
        #expect((x.max() ?? 0) > 0.0495 && (x.min() ?? 0) < -0.0495)
    }

    /// torch: fan in n D, fan out 1 D for (1, n, D); m D and C D for (C, m, D).
    @Test func xavierNormalCountsFansAsTorchDoes() {
        #expect(abs(deviation(Initialization.xavierNormal([1, 10, 384], seed: 1, name: "p")) - (2.0 / (11 * 384)).squareRoot()) < 0.001)
        #expect(abs(deviation(Initialization.xavierNormal([100, 3, 64], seed: 1, name: "p")) - (2.0 / (103 * 64)).squareRoot()) < 0.0003)
    }

    @Test(arguments: [(24, 24), (16, 40), (40, 16)])
    func orthogonalKeepsLengthsAndAngles(rows: Int, columns: Int) {
        let x = Initialization.orthogonal(rows: rows, columns: columns, seed: 3, name: "w").array()
        let (count, length) = (min(rows, columns), max(rows, columns))
        func at(_ vector: Int, _ i: Int) -> Double { Double(rows <= columns ? x[vector * columns + i] : x[i * columns + vector]) }
        for a in 0..<count {
            for b in 0...a {
                let product = (0..<length).reduce(0) { $0 + at(a, $1) * at(b, $1) }
                #expect(abs(product - (a == b ? 1 : 0)) < 1e-5)
            }
        }
    }

    @Test func valuesBelongToSeedAndName() {
        let x = Initialization.xavierUniform([8, 8], seed: 1, name: "x").array()
        #expect(Initialization.xavierUniform([8, 8], seed: 1, name: "x").array() == x)
        #expect(Initialization.xavierUniform([8, 8], seed: 1, name: "y").array() != x)
        #expect(Initialization.xavierUniform([8, 8], seed: 2, name: "x").array() != x)
    }
}
