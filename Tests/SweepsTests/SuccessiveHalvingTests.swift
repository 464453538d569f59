import Sweeps
import Testing

@Suite struct SuccessiveHalvingTests {
    private func cells(_ count: Int) -> [SweepCell] {
        (0..<count).map { SweepCell(hash: "\($0)", setting: $0, values: [], seed: 0, script: "") }
    }

    /// Runs the ladder with one job; a cell's loss after some epochs is what `loss` says, and its training has `whole` epochs.
    private func ladder(_ count: Int, first: Int = 1, factor: Int, whole: Int, loss: (Int, Int) -> Double?) -> [String] {
        let source = SuccessiveHalving(cells(count), first: first, factor: factor) { $0.figure("loss") }
        var order: [String] = []
        while case .run(let cell, let epochs?) = source.next() {
            let trained = min(epochs, whole)
            order.append("\(cell.hash):\(trained)")
            let figure = loss(cell.setting, trained)
            source.finished(
                cell,
                CellResult(
                    status: figure == nil ? .failed : .done, figures: figure.map { [.init(name: "loss", value: $0)] } ?? [], seconds: 0,
                    isWhole: trained == whole))
        }
        return order
    }

    @Test func ladderByHand() {
        // Losses 5 3 8 1 9 2 7 4 6 on every rung. After cells 0-2 cell 1 is the best of three and goes on, then cell 3 as the best
        // of four, and cell 5 as the second of six; of all nine the best three are the same. On the rung of 3 epochs stand 1, 3, 5: the best goes to 9.
        let losses = [5.0, 3, 8, 1, 9, 2, 7, 4, 6]
        let order = ladder(9, factor: 3, whole: 9) { cell, _ in losses[cell] }
        #expect(order == ["0:1", "1:1", "2:1", "1:3", "3:1", "3:3", "4:1", "5:1", "5:3", "3:9", "6:1", "7:1", "8:1"])
    }

    @Test func ranksMayChangeOnTheWay() {
        // Cell 0 is the better one after one epoch, cell 1 after two: what stands on a rung is judged there.
        let order = ladder(4, factor: 2, whole: 4) { cell, epochs in epochs == 1 ? Double(cell) : Double(-cell) }
        #expect(order == ["0:1", "1:1", "0:2", "2:1", "3:1", "1:2", "1:4"])
    }

    @Test func failedCellsStayWhereTheyAre() {
        #expect(ladder(2, factor: 2, whole: 4) { cell, _ in cell == 0 ? nil : 1 } == ["0:1", "1:1", "1:2"])
        #expect(ladder(2, factor: 2, whole: 4) { _, _ in .nan } == ["0:1", "1:1"])
    }

    @Test func shortTrainingsEndOnTheFirstRung() {
        #expect(ladder(4, first: 5, factor: 2, whole: 3) { cell, _ in Double(cell) } == ["0:3", "1:3", "2:3", "3:3"])
    }

    @Test func severalJobsWaitForEachOther() {
        let source = SuccessiveHalving(cells(2), first: 1, factor: 2) { $0.figure("loss") }
        guard case .run = source.next(), case .run(let second, _) = source.next() else { return #expect(Bool(false)) }
        guard case .wait = source.next() else { return #expect(Bool(false)) }
        source.finished(second, CellResult(status: .failed, seconds: 0))
        guard case .wait = source.next() else { return #expect(Bool(false)) }
    }
}
