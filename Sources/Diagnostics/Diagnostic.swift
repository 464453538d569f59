/// Something to tell whoever wrote the source, as a value; ``DiagnosticRenderer`` turns it into text.
///
/// Codes: VPS1xx reading and parsing, VPS2xx commands and their options, VPS3xx names, values and expressions,
/// VPS4xx state and files, VPS5xx while running, VPS6xx warnings.
public struct Diagnostic: Error, Hashable, Sendable {
    public enum Severity: String, Hashable, Sendable { case error, warning, note }

    /// A second place that matters: where the option was given first, where the parameter is declared.
    public struct Note: Hashable, Sendable {
        public var message: String
        public var span: SourceSpan?

        public init(_ message: String, at span: SourceSpan? = nil) {
            self.message = message
            self.span = span
        }
    }

    public var severity: Severity
    /// Stable: `VPS203`.
    public var code: String
    /// One sentence without a full stop; source text in backquotes.
    public var message: String
    public var span: SourceSpan?
    /// What to write beside the caret: `did you mean `alpha`?`.
    public var label: String?
    /// Whole lines after the source excerpt.
    public var help: [String]
    public var notes: [Note]

    public init(
        _ severity: Severity = .error, code: String, _ message: String, at span: SourceSpan?, label: String? = nil,
        help: [String] = [], notes: [Note] = []
    ) {
        self.severity = severity
        self.code = code
        self.message = message
        self.span = span
        self.label = label
        self.help = help
        self.notes = notes
    }
}

extension Diagnostic: CustomStringConvertible {
    /// One line without the source: `error[VPS203]: …`.
    public var description: String { "\(severity.rawValue)[\(code)]: \(message)" }
}

extension [Diagnostic] {
    /// By file and place; those of one place in the order in which they were found, those without a place last.
    public func sortedBySource() -> [Diagnostic] {
        func key(_ diagnostic: Diagnostic) -> (Int, Int) { (diagnostic.span?.file ?? .max, diagnostic.span?.lower ?? .max) }
        // `sort` is not promised to be stable.
        return enumerated().sorted { left, right in
            let (first, second) = (key(left.element), key(right.element))
            return first != second ? first < second : left.offset < right.offset
        }.map(\.element)
    }
}
