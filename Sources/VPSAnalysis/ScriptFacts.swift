import Diagnostics
import VPSSyntax

/// What an abstract run carries along one way through the script.
struct ScriptFacts {
    var scope: Scope
    var session: SessionState

    func joined(with other: ScriptFacts) -> ScriptFacts {
        ScriptFacts(scope: scope.joined(with: other.scope), session: session.joined(with: other.session))
    }

    /// After something that could not be understood: whatever follows may be right.
    mutating func becomeUnforeseeable() {
        session = session.joined(with: .unforeseeable)
        scope.mayHaveOthers = true
    }
}

/// Reads the scripts that others include, each once.
struct IncludeReader {
    struct Included {
        var script: Script
        var file: Int
        var hasErrors: Bool
    }

    let files: any FileAccess
    private var known: [String: Included] = [:]

    init(files: any FileAccess) {
        self.files = files
    }

    /// Those that were read.
    var scripts: [Script] { known.values.map(\.script) }

    /// - Parameter report: takes the syntax errors of a script that is read for the first time.
    mutating func read(
        _ path: String, sources: inout SourceMap, report: ([Diagnostic]) -> Void
    ) throws -> Included {
        if let known = known[path] { return known }
        let bytes = try files.contents(of: path)
        let file = sources.add(name: path, text: bytes)
        let result = Parser.parse(bytes, file: file)
        report(result.diagnostics)
        let included = Included(script: result.script, file: file, hasErrors: !result.diagnostics.isEmpty)
        known[path] = included
        return included
    }
}
