public import Interpreter
internal import Reporting
internal import VPSAnalysis

/// The loop's driver in the program: a session of the interpreter on standard output.
public final class SessionDriver: REPLDriver {
    /// Commands that only print, which may be more than fits the window.
    private static let readings: Set<Substring> = ["help", "show"]

    private let output = PagedOutput()
    private let session: Session

    public init() {
        session = Session(output: output, color: Terminal.standardError.isColor) { Interruption.request != .none }
    }

    public var loaded: [String] {
        let specification = session.experiment.specification
        return [specification.backbone?.name, specification.data?.name].compactMap { $0 }
    }

    public var isFinished: Bool { session.isFinished }
    public var transcript: String { session.transcript }

    public func needsMoreInput(_ text: String) -> Bool { Session.needsMoreInput(Shortcut.expanded(text)) }

    public func execute(_ text: String) -> Session.Outcome { session.execute(Shortcut.expanded(text)) }

    public func execute(_ text: String, page: @escaping (String) -> Void) -> Session.Outcome {
        let statement = Shortcut.expanded(text)
        let first = statement.drop { $0.isWhitespace }.prefix { !$0.isWhitespace }
        guard Self.readings.contains(first) else { return session.execute(statement) }
        return output.paging(page) { session.execute(statement) }
    }

    public func complete(_ text: String, cursor: Int) -> Completions {
        let statement = Shortcut.expanded(text)
        let shift = statement.utf8.count - text.utf8.count
        let list = Completer(files: LocalFiles()).complete(statement, cursor: cursor + shift, scope: session.scope)
        return Completions(
            start: list.replaces.lowerBound - shift, candidates: list.completions.map { .init($0.text, $0.summary) })
    }

    public func hint(_ text: String) -> String? {
        Completer(files: LocalFiles()).hint(Shortcut.expanded(text), scope: session.scope)
    }
}
