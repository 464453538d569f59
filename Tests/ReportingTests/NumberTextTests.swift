import Reporting
import Testing

struct NumberTextTests {
    @Test(arguments: [
        (0.5, 0, "0"), (1.005, 1, "1.0"), (-2.25, 2, "-2.25"), (.nan, 2, "nan"), (-.infinity, 2, "-inf"),
    ] as [(Double, Int, String)])
    func fixed(value: Double, decimals: Int, expected: String) {
        #expect(NumberText.fixed(value, decimals: decimals) == expected)
    }

    @Test func fixedHasRoomForTheLongestNumber() {
        #expect(NumberText.fixed(-.greatestFiniteMagnitude, decimals: 17).count == 1 + 309 + 1 + 17)
    }

    @Test func brief() {
        #expect([0.01234, 1.234, 12.34, 123.4, 9.999, 0].map(NumberText.brief) == ["0.0123", "1.23", "12.3", "123", "10.0", "0"])
    }

    @Test func grouped() {
        #expect([0, 999, 1000, -21_852_672].map(NumberText.grouped) == ["0", "999", "1,000", "-21,852,672"])
    }

    @Test func clock() {
        #expect([0, 59.6, 245, 3723, .infinity].map(NumberText.clock) == ["0:00", "1:00", "4:05", "1:02:03", "-:--"])
    }
}
