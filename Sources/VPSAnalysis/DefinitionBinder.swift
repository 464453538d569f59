public import Diagnostics
public import VPSSyntax

/// Puts the arguments of a call where a `def` wants them: `trial 2 b=3` for `def trial(a, b=1)`.
public struct DefinitionBinder {
    /// One for each parameter; unknown where something is wrong.
    public private(set) var values: [String: Value] = [:]
    public private(set) var diagnostics: [Diagnostic] = []

    /// - Parameters:
    ///   - scope: of the call.
    public init(_ call: CommandStatement, to definition: DefStatement, scope: Scope) {
        let parameters = definition.parameters
        var evaluator = Evaluator(scope: scope)
        var next = 0
        var places: [String: SourceSpan] = [:]
        // A name that stands twice among them is the definition's mistake, which has been reported; a call of it has none.
        let firsts = Dictionary(parameters.indices.map { (parameters[$0].name.text, $0) }) { first, _ in first }
        var wrong: [Diagnostic] = []
        let takes = "\(definition.name.text) takes \(parameters.isEmpty ? "nothing" : parameters.map(\.name.text).joined(separator: ", "))"

        for argument in call.arguments {
            let value = evaluator.value(of: argument.value)
            let name: String
            if let given = argument.name {
                guard firsts[given.text] != nil else {
                    let guess = closestMatch(to: given.text, among: parameters.map(\.name.text))
                    wrong.append(
                        Diagnostic(
                            code: AnalysisCode.unknownOption.rawValue, "`\(definition.name.text)` has no parameter `\(given.text)`",
                            at: given.span, label: guess.map { "did you mean `\($0)`?" }, help: [takes]))
                    continue
                }
                name = given.text
            } else {
                guard next < parameters.count else {
                    wrong.append(
                        Diagnostic(
                            code: AnalysisCode.surplusValue.rawValue,
                            "`\(definition.name.text)` takes \(parameters.count) \(parameters.count == 1 ? "value" : "values"), not more",
                            at: argument.span, help: [takes]))
                    continue
                }
                name = parameters[next].name.text
                next += 1
                if firsts[name] != next - 1 { continue }
            }
            if let first = places[name] {
                wrong.append(
                    Diagnostic(
                        code: AnalysisCode.givenTwice.rawValue, "`\(name)` is given twice", at: argument.name?.span ?? argument.span,
                        notes: [Diagnostic.Note("first given here", at: first)]))
                continue
            }
            places[name] = argument.span
            values[name] = value
        }
        for parameter in parameters where values[parameter.name.text] == nil {
            if let expression = parameter.defaultValue {
                values[parameter.name.text] = evaluator.value(of: expression)
            } else {
                wrong.append(
                    Diagnostic(
                        code: AnalysisCode.missingValue.rawValue, "`\(definition.name.text)` needs `\(parameter.name.text)`",
                        at: call.name.span, help: [takes]))
                values[parameter.name.text] = .unknown(.anything)
            }
        }
        if let result = call.result {
            wrong.append(
                Diagnostic(
                    code: AnalysisCode.nothingReturned.rawValue, "`\(definition.name.text)` returns nothing to keep", at: result.span,
                    help: ["a `def` returns no record; commands inside it do"]))
        }
        diagnostics = evaluator.diagnostics + wrong
    }
}
