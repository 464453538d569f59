public import Reporting

/// Where a session writes: the terminal, or memory in tests.
public protocol OutputSink: AnyObject {
    /// Results: what `print`, `eval`, `show` and the like say. `text` holds whole lines.
    func write(_ text: String)
    /// What is wrong, rendered. `text` holds whole lines.
    func writeError(_ text: String)
    /// Where progress may be shown; nil for nowhere.
    var progress: Terminal? { get }
    /// Where ``write(_:)`` goes, for whoever draws there; nil when it is no terminal.
    var terminal: Terminal? { get }
}

/// Standard output and standard error.
public final class StandardOutput: OutputSink {
    private let output = Terminal.standardOutput
    private let error = Terminal.standardError

    public init() {}

    public func write(_ text: String) { output.write(text) }
    public func writeError(_ text: String) { error.write(text) }
    public var progress: Terminal? { error }
    public var terminal: Terminal? { output.isTerminal ? output : nil }
}

/// Keeps everything, for tests and for callers that want the text.
public final class CapturedOutput: OutputSink {
    public private(set) var text = ""
    public private(set) var errors = ""

    public init() {}

    public func write(_ text: String) { self.text += text }
    public func writeError(_ text: String) { errors += text }
    public var progress: Terminal? { nil }
    public var terminal: Terminal? { nil }
}
