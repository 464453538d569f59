import Reporting
import Testing

struct ChartAxisTests {
    @Test func marksAreRound() {
        let axis = ChartAxis([0.13, 0.87])
        #expect(axis.ticks.map(\.label) == ["0", "0.2", "0.4", "0.6", "0.8", "1.0"])
        #expect(axis.lower == 0 && axis.upper == 1)
        #expect(ChartAxis([0, 15], isTight: true).ticks.map(\.label) == ["0", "5", "10", "15"])
        #expect(ChartAxis([-3, 4]).ticks.map(\.label) == ["-4", "-2", "0", "2", "4"])
        #expect(ChartAxis([1e-5, 5e-5]).ticks.map(\.label) == ["1e-5", "2e-5", "3e-5", "4e-5", "5e-5"])
        #expect(ChartAxis([0, 2e7]).ticks.map(\.label).contains("1.0e7"))
    }

    @Test func aTightAxisEndsAtItsValues() {
        let axis = ChartAxis([0.3, 2.7], isTight: true)
        #expect(axis.lower == 0.3 && axis.upper == 2.7)
        #expect(axis.place(0.3) == 0 && axis.place(2.7) == 1)
        #expect(axis.ticks.allSatisfy { (0.3...2.7).contains($0.value) })
    }

    @Test func countsAreWhole() {
        func labels(_ values: [Double]) -> [String] { ChartAxis(values, isTight: true, isCount: true).ticks.map(\.label) }
        #expect(labels([1, 3]) == ["1", "2", "3"])
        #expect(labels([0.1, 20]) == ["5", "10", "15", "20"])
        #expect(labels([0, 0.4]) == ["0", "0.1", "0.2", "0.3", "0.4"], "less than one epoch")
    }

    @Test func powersOfTen() {
        let axis = ChartAxis([0.002, 30], isLogarithmic: true)
        #expect(axis.ticks.map(\.label) == ["0.001", "0.01", "0.1", "1", "10", "100"])
        #expect(abs(axis.place(0.001)) < 1e-12 && abs(axis.place(100) - 1) < 1e-12)
        #expect(abs(axis.place(1) - 0.6) < 1e-12)
    }

    /// Whatever a run measured: nothing traps, and marks lie in the range, in order.
    @Test(arguments: [
        [], [0], [5, 5], [-1e300, 1e300], [1e-300, 2e-300], [Double.greatestFiniteMagnitude, -Double.greatestFiniteMagnitude], [1e15, 1e15 + 1], [-0.0, 0],
        [.leastNonzeroMagnitude, 1], [123_456_789, 987_654_321],
    ] as [[Double]])
    func anyValues(_ values: [Double]) {
        for ticks in [1, 5, 40] {
            for isTight in [false, true] {
                let axis = ChartAxis(values, ticks: ticks, isTight: isTight)
                #expect(axis.upper > axis.lower)
                #expect(zip(axis.ticks, axis.ticks.dropFirst()).allSatisfy { $0.value < $1.value })
            }
            let positive = values.filter { $0 > 0 }
            let axis = ChartAxis(positive, isLogarithmic: true, ticks: ticks)
            #expect(zip(axis.ticks, axis.ticks.dropFirst()).allSatisfy { $0.value < $1.value })
        }
    }
}
