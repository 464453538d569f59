internal import Diagnostics

/// Thrown where work stopped at a safe point because the user asked: everything done so far is kept.
public struct Interrupted: Error {
    public init() {}
}

/// Thrown by `quit`: the rest of the script is not run, and nothing is wrong.
struct Finished: Error {}

/// Errors found while a statement runs; at least one.
struct Failure: Error {
    var diagnostics: [Diagnostic]
    /// Wrong is what was written, and the command has done nothing yet.
    var isRejection = false

    init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

    /// Of a text that a command was given to read.
    static func rejected(_ diagnostics: [Diagnostic]) -> Failure {
        var failure = Failure(diagnostics)
        failure.isRejection = true
        return failure
    }

    init(_ diagnostic: Diagnostic) { diagnostics = [diagnostic] }
}
