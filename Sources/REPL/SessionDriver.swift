public import Interpreter
internal import Reporting
internal import VPSAnalysis

/// The loop's driver in the program: a session of the interpreter on standard output.
public final class SessionDriver: REPLDriver {
    private let session = Session(output: StandardOutput(), color: Terminal.standardError.isColor) {
        Interruption.request != .none
    }

    public init() {}

    public var loaded: [String] {
        let specification = session.experiment.specification
        return [specification.backbone?.name, specification.data?.name].compactMap { $0 }
    }

    public var isFinished: Bool { session.isFinished }

    public func needsMoreInput(_ text: String) -> Bool { Session.needsMoreInput(Question.statement(text)) }

    public func execute(_ text: String) -> Session.Outcome { session.execute(Question.statement(text)) }

    public func complete(_ text: String, cursor: Int) -> Completions {
        let statement = Question.statement(text)
        let shift = statement.utf8.count - text.utf8.count
        let list = Completer(files: LocalFiles()).complete(statement, cursor: cursor + shift, scope: session.scope)
        return Completions(
            start: list.replaces.lowerBound - shift, candidates: list.completions.map { .init($0.text, $0.summary) })
    }
}
