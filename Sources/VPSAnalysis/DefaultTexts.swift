import Synchronization
import VPSSyntax

/// Declared defaults as values: a script asks for the same few texts at every command.
enum DefaultTexts {
    private static let known = Mutex<[String: (Expression, Value)?]>([:])

    /// Nil for a text that is no value.
    static func parsed(_ text: String) -> (Expression, Value)? {
        if let found = known.withLock({ $0[text] }) { return found }
        let (expression, diagnostics) = Parser.parseValue(Array(text.utf8), file: -1)
        let result = diagnostics.isEmpty ? (try? Evaluator.value(of: expression, in: Scope())).map { (expression, $0) } : nil
        known.withLock { $0[text] = .some(result) }
        return result
    }
}
