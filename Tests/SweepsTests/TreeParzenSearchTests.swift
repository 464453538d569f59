import Foundation
import Sweeps
import Testing

/// Median regrets over 20 seeds beside those of optuna's TPESampler, which Scripts/optuna-regrets.py prints.
@Suite struct TreeParzenSearchTests {
    private func median(_ dimensions: [SearchDimension], _ loss: ([Double]) -> Double) -> Double {
        let regrets = (0..<20).map { seed -> Double in
            let search = TreeParzenSearch(dimensions, seed: UInt64(seed))
            var past: [TreeParzenSearch.Trial] = []
            for trial in 0..<100 {
                let point = search.point(trial, after: past)
                past.append(.init(point: point, loss: loss(point)))
            }
            return past.map(\.loss).min() ?? .infinity
        }.sorted()
        return (regrets[9] + regrets[10]) / 2
    }

    @Test func sphere() {
        let regret = median([.uniform(-5...5), .uniform(-5...5), .uniform(-5...5)]) { $0.reduce(0) { $0 + $1 * $1 } }
        #expect(regret < 2 * 0.0340, "\(regret)")
    }

    @Test func branin() {
        let regret = median([.uniform(-5...10), .uniform(0...15)]) { point in
            let (x, y) = (point[0], point[1])
            let bend: Double = 5.1 / (4 * Double.pi * Double.pi)
            let a: Double = y - bend * x * x + 5 / Double.pi * x - 6
            let wave: Double = 10 * (1 - 1 / (8 * Double.pi)) * cos(x)
            return a * a + wave + 9.602112642270262
        }
        #expect(regret < 2 * 0.0188, "\(regret)")
    }

    @Test func rates() {
        let regret = median([.logUniform(1e-6...1), .logUniform(1e-8...1e-1)]) { point in
            let (rate, decay) = (log10(point[0]) + 3, log10(point[1]) + 5)
            return rate * rate + 0.5 * decay * decay
        }
        #expect(regret < 2 * 0.000928, "\(regret)")
    }

    @Test func mixed() {
        let kinds = [1.0, 0, 0.5, 2]
        let regret = median([.integers(1...50), .choice(4), .logUniform(1e-5...1e-1)]) { point in
            let (n, rate) = ((point[0] - 17) / 10, log10(point[2]) + 3)
            return n * n + kinds[Int(point[1])] + rate * rate
        }
        #expect(regret < 2 * 0.000271, "\(regret)")
    }

    @Test func pointsAreAFunctionOfSeedNumberAndPast() {
        let search = TreeParzenSearch([.uniform(0...1), .integers(1...9), .choice(3), .logUniform(1e-3...1)], seed: 4)
        let past = (0..<12).map { number -> TreeParzenSearch.Trial in
            let point: [Double] = [Double(number) / 12, Double(number % 9 + 1), Double(number % 3), 0.01]
            return TreeParzenSearch.Trial(point: point, loss: Double(number))
        }
        #expect(search.point(12, after: past) == search.point(12, after: past))
        #expect(search.point(3, after: []) == RandomSearch([.uniform(0...1), .integers(1...9), .choice(3), .logUniform(1e-3...1)], seed: 4).point(3))
        for trial in 12..<60 {
            let point = search.point(trial, after: past)
            #expect((0...1).contains(point[0]) && (1...9).contains(point[1]) && point[1] == point[1].rounded())
            #expect([0, 1, 2].contains(point[2]) && (1e-3...1).contains(point[3]))
        }
        // Failures leave no mark.
        #expect(search.point(12, after: past + [.init(point: [0, 1, 0, 1], loss: .nan)]) == search.point(12, after: past))
    }
}
