public import Diagnostics

/// Text to canonical text: `vptsp fmt`.
public enum Formatter {
    /// What came of it: the text, or why it is no script.
    public enum Outcome: Sendable {
        case formatted(String)
        case rejected([Diagnostic])
    }

    /// Formats a script. What is formatted already comes back as it is.
    ///
    /// - Parameter file: of a ``SourceMap``, for the spans of diagnostics.
    public static func format(_ text: [UInt8], file: Int) -> Outcome {
        let result = Parser.parse(text, file: file)
        guard result.diagnostics.isEmpty else { return .rejected(result.diagnostics) }
        return .formatted(Printer.print(result.script, source: text))
    }
}
