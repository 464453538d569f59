import Foundation
import Reporting
import Testing

struct ProgressBarTests {
    /// What a bar writes while the clock goes from second to second.
    private func written(isCapable: Bool, updates: [(second: Double, done: Int)], ends: Bool = false) throws -> String {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("vptsp-bar-\(UUID().uuidString)")
        try Data().write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let handle = try FileHandle(forWritingTo: file)
        let terminal = Terminal(
            descriptor: handle.fileDescriptor, isTerminal: isCapable, isCapable: isCapable, isUnicode: false, isColor: false
        )
        var second = 0.0
        let bar = ProgressBar("train", total: 100, unit: "steps", items: (64, "images"), terminal: terminal) { second }
        for update in updates {
            second = update.second
            bar.update(done: update.done, loss: 0.5)
        }
        if ends { bar.clear() }
        return try String(contentsOf: file, encoding: .utf8)
    }

    @Test func plainLinesNowAndThen() throws {
        let text = try written(isCapable: false, updates: (0...25).map { (Double($0), $0) })
        #expect(text == """
            train  10/100 steps  loss 0.5000  1:30 left  64.0 images/s
            train  20/100 steps  loss 0.5000  1:20 left  64.0 images/s

            """)
    }

    @Test func terminalLineIsRedrawnAndTakenAway() throws {
        let text = try written(isCapable: true, updates: [(0, 0), (0.01, 1), (1, 2)], ends: true)
        #expect(text.components(separatedBy: "\r\u{1B}[K").count == 4)
        #expect(!text.contains("\n"))
        #expect(text.hasSuffix("\r\u{1B}[K"))
        #expect(!text.contains(" 1/100"))
    }

    @Test func resumedWorkIsTimedFromWhereItTookUp() throws {
        let text = try written(isCapable: false, updates: [(0, 50), (10, 60)])
        #expect(text == "train  60/100 steps  loss 0.5000  0:40 left  64.0 images/s\n")
    }
}
