/// Codes of what can go wrong while a checked script runs. A code never changes its meaning.
///
/// VPS501 is ``AnalysisCode/handlerMismatch``.
public enum RuntimeCode: String, CaseIterable, Sendable {
    /// The work itself failed: a loss that is no number, a full disk.
    case failed = "VPS502"
    /// The settings ask for something that cannot be.
    case impossible = "VPS503"
    /// A file or folder is missing, unreadable or not what it should be.
    case badInput = "VPS504"
    /// A step that must come first is missing.
    case missingStep = "VPS505"
    case assertionFailed = "VPS506"
    /// A command is declared and checked, but nothing carries it out.
    case noHandler = "VPS507"
}
