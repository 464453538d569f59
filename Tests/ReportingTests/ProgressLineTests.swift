import Reporting
import Testing

struct ProgressLineTests {
    private let line = ProgressLine(
        label: "train 3/15", done: 118, total: 280, unit: "steps", rate: 41.27, rateUnit: "images", loss: 1.23456,
        secondsLeft: 245
    )

    @Test func everythingWhereThereIsRoom() {
        #expect(
            line.text(width: 100, isUnicode: true)
                == "train 3/15  ████████████▋░░░░░░░░░░░░░░░░░  118/280 steps  loss 1.2346  4:05 left  41.3 images/s")
        #expect(
            line.text(width: 100, isUnicode: false)
                == "train 3/15  [###########.................]  118/280 steps  loss 1.2346  4:05 left  41.3 images/s")
    }

    @Test(arguments: 1...120) func neverWiderThanTheWindow(width: Int) {
        #expect(line.text(width: width, isUnicode: true).count <= max(width, "train 3/15".count))
    }

    @Test func narrowWindowKeepsWhatMattersMost() {
        #expect(line.text(width: 30, isUnicode: true) == "train 3/15  118/280 steps")
    }

    @Test func noTotalIsNoTrap() {
        #expect(ProgressLine(
            label: "x", done: 3, total: 0, unit: "steps", rate: nil, rateUnit: "", loss: .nan, secondsLeft: .infinity
        ).text(width: 80, isUnicode: false).hasPrefix("x  [...."))
    }
}
