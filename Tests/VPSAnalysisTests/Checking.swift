import Diagnostics
import VPSAnalysis
import VPSSyntax

/// A script's diagnostics as text, as a user sees them.
func messages(
    _ text: String, files: MemoryFiles = MemoryFiles(), parameters: [String] = [], state: SessionState = SessionState()
) -> String {
    let checked = check(text, files: files, parameters: parameters, state: state)
    let renderer = DiagnosticRenderer(color: false)
    return checked.errors.map { renderer.render($0, in: checked.sources) }.joined()
}

/// Warnings as a user sees them.
func warnings(_ text: String, files: MemoryFiles = MemoryFiles()) -> String {
    let checked = check(text, files: files)
    let renderer = DiagnosticRenderer(color: false)
    return checked.diagnostics.filter { $0.severity == .warning }.map { renderer.render($0, in: checked.sources) }.joined()
}

extension CheckedScript {
    var errors: [Diagnostic] { diagnostics.filter { $0.severity == .error } }
}

func codes(_ text: String, files: MemoryFiles = MemoryFiles(), parameters: [String] = []) -> [String] {
    check(text, files: files, parameters: parameters).errors.map(\.code)
}

/// Codes with the text under their spans: `VPS203 aplha`.
func findings(_ text: String, files: MemoryFiles = MemoryFiles(), state: SessionState = SessionState()) -> [String] {
    let checked = check(text, files: files, state: state)
    return checked.errors.map { diagnostic in
        "\(diagnostic.code) \(diagnostic.span.flatMap { checked.sources.text(of: $0) } ?? "-")"
    }
}

func check(
    _ text: String, files: MemoryFiles = MemoryFiles(), parameters: [String] = [], state: SessionState = SessionState()
) -> CheckedScript {
    var sources = SourceMap()
    let assignments = parameters.compactMap { ParameterAssignment($0, sources: &sources) }
    return CheckedScript(
        text: Array(text.utf8), name: "s.vps", path: "s.vps", files: files, sources: sources, state: state,
        parameters: assignments)
}

/// The value of an expression in a scope made by `let` lines.
func value(_ expression: String, _ names: [String: Value] = [:]) -> Result<Value, Diagnostic> {
    var scope = Scope()
    for (name, value) in names { scope.set(name, to: value) }
    let script = Parser.parse(Array("print \(expression)".utf8), file: 0).script
    guard case .print(let output)? = script.statements.first?.kind else { return .success(.unknown(.anything)) }
    return Result { () throws(Diagnostic) -> Value in try Evaluator.value(of: output.value, in: scope) }
}
