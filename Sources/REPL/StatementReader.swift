/// Where the loop gets whole statements from.
protocol StatementReader {
    /// What was typed so far, oldest first; empty where nobody types.
    var entries: [String] { get }
    mutating func next(_ driver: any REPLDriver) -> StatementInput
}

enum StatementInput {
    case statement(String)
    /// Nothing to carry out: a dropped line, an empty one.
    case nothing
    case end
    /// Ctrl-C where no line is being edited.
    case interrupted
}
