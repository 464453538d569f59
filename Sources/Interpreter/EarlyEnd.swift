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

    init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

    init(_ diagnostic: Diagnostic) { diagnostics = [diagnostic] }
}
