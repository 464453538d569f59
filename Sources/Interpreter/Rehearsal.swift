internal import Diagnostics
internal import VPSAnalysis

extension Session {
    /// What is wrong with a script that is only checked, perhaps on another machine than the one that will run it: a
    /// missing file that a variable names is worth a warning, since the run may name another; a literal one is an error.
    func rehearsed(_ diagnostic: Diagnostic) -> Diagnostic {
        guard diagnostic.code == AnalysisCode.missingPath.rawValue, let span = diagnostic.span,
            let written = sources.text(of: span), written.contains("$")
        else { return diagnostic }
        var result = diagnostic
        result.severity = .warning
        result.help = ["`vptsp run` asks for it; give another with name=value"]
        return result
    }
}
