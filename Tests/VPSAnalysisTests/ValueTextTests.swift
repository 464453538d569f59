import Testing
import VPSAnalysis
import VPSSyntax

@Suite struct ValueTextTests {
    @Test(arguments: [
        ("{0.49375:.3}", "0.494"), ("{0.5:.0}", "0"), ("{12.3456:8.2}", "   12.35"), ("{12.3456:<8.2}|", "12.35   |"),
        ("{0.8333:.1%}", "83.3%"), ("{0.5:%}", "50.0%"), ("{12345.678:.2e}", "1.23e+04"), ("{7:4}", "   7"), ("{gru:5}|", "gru  |"),
        ("{gru:>5}", "  gru"), ("{3:.2}", "3.00"), ("{1e-8}", "1e-8"), ("{[1, 2]:8}", "  [1, 2]"),
    ])
    func formats(_ text: String, _ expected: String) throws {
        #expect(try value("\"\(text)\"").get() == .text(expected))
    }

    @Test(arguments: [0.1, 1e-8, 5e-3, 2, 1e15, 1e16, 1.5e300, -3.25, 0.30000000000000004, 123456789.125])
    func plainNumbersReadBack(_ number: Double) throws {
        let text = NumberText.plain(abs(number))
        #expect(try value(text).get().double == abs(number))
    }
}
