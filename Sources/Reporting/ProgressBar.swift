/// Shows work under way: on a capable terminal one line that is redrawn, elsewhere a plain line now and then.
///
/// Not thread-safe: one thread updates it.
public final class ProgressBar {
    private static let redrawInterval = 0.1
    private static let plainInterval = 10.0

    private let terminal: Terminal
    private let now: () -> Double
    private let started: Double
    private let itemsPerUnit: Int
    private var first: Int?
    private var lastShown: Double?
    private var line: ProgressLine
    private var isDrawn = false

    /// - Parameters:
    ///   - label: what is being done; ``update(done:loss:label:)`` may change it.
    ///   - total: units of work wanted.
    ///   - unit: what is counted, in the plural.
    ///   - items: how many items a unit holds and their name, for the rate: 64 images a step.
    ///   - now: seconds of a clock that only goes forward.
    public init(
        _ label: String, total: Int, unit: String, items: (perUnit: Int, name: String)? = nil,
        terminal: Terminal = .standardError, now: @escaping () -> Double = ProgressBar.monotonicSeconds
    ) {
        self.terminal = terminal
        self.now = now
        started = now()
        itemsPerUnit = items?.perUnit ?? 1
        line = ProgressLine(
            label: label, done: 0, total: total, unit: unit, rate: nil, rateUnit: items?.name ?? unit, loss: nil,
            secondsLeft: nil
        )
    }

    /// Tells how far the work is, as often as is handy; what is shown is limited here.
    public func update(done: Int, loss: Double? = nil, label: String? = nil) {
        // The first call says where the work took up, which may be in the middle.
        let first = self.first ?? done
        self.first = first
        line.done = done
        line.loss = loss ?? line.loss
        line.label = label ?? line.label
        let time = now()
        if done > first, time > started {
            let unitsPerSecond = Double(done - first) / (time - started)
            line.rate = unitsPerSecond * Double(itemsPerUnit)
            line.secondsLeft = Double(max(0, line.total - done)) / unitsPerSecond
        }
        let interval = terminal.isCapable ? Self.redrawInterval : Self.plainInterval
        guard time - (lastShown ?? started) >= interval || (terminal.isCapable && lastShown == nil) else { return }
        lastShown = time
        show()
    }

    /// Takes the line off the terminal so that other text can be written; the next update draws it again.
    public func clear() {
        if isDrawn { terminal.write("\r\u{1B}[K") }
        isDrawn = false
    }

    private func show() {
        if terminal.isCapable {
            // Room for the `^C` that the terminal echoes; and some terminals wrap at the last column.
            terminal.write("\r\u{1B}[K" + line.text(width: max(20, terminal.width - 3), isUnicode: terminal.isUnicode))
            isDrawn = true
        } else {
            terminal.write(line.text(width: 200, isUnicode: false, bar: false) + "\n")
        }
    }
}
