public import Interpreter

/// What the loop drives: a session that understands statements.
public protocol REPLDriver: AnyObject {
    /// Names of what is loaded, for the prompt: backbone, data set.
    var loaded: [String] { get }
    /// A statement has asked to leave.
    var isFinished: Bool { get }
    /// True exactly when `text` is the beginning of a statement and not yet a whole one.
    func needsMoreInput(_ text: String) -> Bool
    /// Carries the statements of `text` out. Prints what they print, and what is wrong with them.
    func execute(_ text: String) -> Session.Outcome
    /// The same, with output that is longer than the window shown by `page`.
    func execute(_ text: String, page: @escaping (String) -> Void) -> Session.Outcome
    /// The statements that succeeded, as a script that does the same again.
    var transcript: String { get }
    /// What may follow `text`, in a few words; nil for nothing.
    func hint(_ text: String) -> String?
    /// What could stand at the cursor, a UTF-8 offset in `text`; `text` may hold earlier lines of the same statement.
    func complete(_ text: String, cursor: Int) -> Completions
}

/// Possible texts for the part of a line from `start` (UTF-8 offset) to the cursor.
public struct Completions: Equatable, Sendable {
    public struct Candidate: Equatable, Sendable {
        public var text: String
        /// One line that explains it; may be empty.
        public var summary: String

        public init(_ text: String, _ summary: String = "") {
            self.text = text
            self.summary = summary
        }
    }

    public var start: Int
    public var candidates: [Candidate]

    public init(start: Int, candidates: [Candidate]) {
        self.start = start
        self.candidates = candidates
    }
}
