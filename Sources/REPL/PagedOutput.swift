internal import Interpreter
internal import Reporting

/// Standard output whose text can be held back while a statement runs, for a pager to show.
final class PagedOutput: OutputSink {
    private let output = StandardOutput()
    private var held: String?

    /// Runs `work`, holding back what it writes, and hands that to `page`. Errors are shown at once.
    func paging<Result>(_ page: (String) -> Void, _ work: () -> Result) -> Result {
        held = ""
        let result = work()
        let text = held ?? ""
        held = nil
        if !text.isEmpty { page(text) }
        return result
    }

    func write(_ text: String) {
        if held == nil { output.write(text) } else { held?.append(text) }
    }

    func writeError(_ text: String) { output.writeError(text) }
    var progress: Terminal? { output.progress }
    var terminal: Terminal? { output.terminal }
}
