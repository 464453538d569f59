import Reporting
import Testing

struct ChartTextTests {
    private func line(_ name: String = "loss", _ count: Int = 40, color: Int = 0, _ value: (Double) -> Double) -> Chart.Series {
        Chart.Series(name, (0..<count).map { Chart.Point(Double($0), value(Double($0))) }, color: color)
    }

    @Test func aFallingLine() {
        let chart = Chart("loss", x: "epoch", y: "loss", series: [line("loss", 11) { 10 - $0 }])
        #expect(chart.text(width: 30, height: 5) == """
            loss
            10 ┤⠉⠒⠤⢄⡀
               │    ⠈⠉⠒⠤⢄⡀
             5 ┤         ⠈⠉⠒⠢⠤⢄⣀⡀
               │                ⠈⠑⠒⠤⣀⡀
             0 ┤                     ⠈⠑⠒⠤⣀
               └┬────────────┬───────────┬
                0            5          10
                          epoch

            """)
    }

    @Test(arguments: [24, 40, 80, 137]) func linesAreNoWiderThanTheWindow(_ width: Int) {
        let chart = Chart(
            "R@1", x: "epoch", y: "R@1 [%]",
            series: [line("a rather long name of a run", 500) { $0 * $0 }, line("another one that is longer still", 500, color: 1) { 9e5 - $0 }])
        for isUnicode in [true, false] {
            let lines = chart.text(width: width, height: 8, isUnicode: isUnicode).split(separator: "\n")
            // A name alone may be longer than a narrow window.
            #expect(lines.filter { !$0.contains("name") && !$0.contains("another") }.allSatisfy { $0.count <= width })
        }
    }

    @Test func aDumbTerminalGetsPlainCharacters() {
        let chart = Chart("loss", x: "epoch", y: "loss", series: [line { 3 / (1 + $0) }])
        let text = chart.text(width: 60, height: 10, isUnicode: false)
        #expect(text.utf8.allSatisfy { $0 < 128 })
        #expect(text.contains("*") && text.contains("|") && text.contains("+---"))
        #expect(!text.contains("\u{1B}"))
    }

    @Test func coloursOnlyWhereTheyAreWanted() {
        let chart = Chart("loss", x: "epoch", y: "loss", series: [line("a") { $0 }, line("b", color: 1) { 40 - $0 }])
        let plain = chart.text(width: 60, height: 10)
        #expect(!plain.contains("\u{1B}"))
        // Without colours the two are told apart by their characters.
        #expect(plain.contains("* a") && plain.contains("o b"))
        let colored = chart.text(width: 60, height: 10, isColor: true)
        #expect(colored.contains("\u{1B}[34m") && colored.contains("\u{1B}[33m"))
        #expect(colored.unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) })
    }

    @Test func whatIsNotFiniteIsLeftOut() {
        let broken = Chart("loss", x: "step", y: "loss", series: [line { $0 == 3 ? .nan : $0 == 7 ? .infinity : $0 }])
        #expect(broken.text().contains("40 ┤") && !broken.text().contains("nan"))
        let nothing = Chart("loss", x: "step", y: "loss", series: [line { _ in .nan }])
        #expect(nothing.isEmpty)
        #expect(nothing.text() == "loss: nothing to show\n")
        let negative = Chart("loss", x: "step", y: "loss", isLogarithmic: true, series: [line { $0 - 20 }])
        #expect(!negative.isEmpty && negative.text().contains("┤"))
    }

    @Test func thinningKeepsMeans() {
        let chart = Chart("x", x: "x", y: "y", series: [line("a", 1000) { $0 }]).thinned(to: 100)
        #expect(chart.series[0].points.count == 100)
        #expect(chart.series[0].points[0] == Chart.Point(4.5, 4.5))
        #expect(chart.thinned(to: 100).series[0].points == chart.series[0].points)
    }
}
