public import CommandSchema
import CommandCatalog
public import Diagnostics
public import VPSSyntax

/// A script that was parsed and checked: what `vptsp check` shows and `vptsp run` starts from.
public struct CheckedScript: Sendable {
    public let script: Script
    /// The script first, then what it includes.
    public let sources: SourceMap
    /// Everything that is wrong, and warnings, in source order; the script may run when no error is among them.
    /// Of very many the first thousand.
    public let diagnostics: [Diagnostic]

    /// - Parameters:
    ///   - name: as messages show it; for a file its path.
    ///   - path: where the text lies, for its `include`s; empty for text that was typed.
    ///   - sources: files that spans of `scope` and `parameters` already refer to.
    public init(
        text: [UInt8], name: String, path: String = "", files: any FileAccess = LocalFiles(), sources: SourceMap = SourceMap(),
        scope: Scope = Scope(), state: SessionState = SessionState(), parameters: [ParameterAssignment] = [],
        commands: [CommandDeclaration] = Catalog.commands
    ) {
        var sources = sources
        let file = sources.add(name: name, text: text)
        let parsed = Parser.parse(text, file: file)
        let found = Analyzer.check(
            parsed.script, path: path, isWhole: parsed.diagnostics.isEmpty, warns: true, files: files, sources: &sources, scope: scope,
            state: state, parameters: parameters, commands: commands)
        script = parsed.script
        self.sources = sources
        diagnostics = parsed.diagnostics.joined(by: found)
    }
}
