import Diagnostics
import VPSAnalysis
import VPSSyntax

/// What is wrong with a script, as `textDocument/publishDiagnostics` wants it.
struct Problems {
    let workspace: Workspace

    /// A script that others include is checked as a part of the first of them: alone it would miss its names.
    func diagnostics(of document: Document) -> JSON {
        let root = workspace.includers(of: document).first ?? document
        let checked = CheckedScript(text: root.text, name: root.path, path: root.path, files: workspace.files)
        let own = checked.sources.files.firstIndex { $0.name == document.path } ?? 0
        var found: [JSON] = []
        for diagnostic in checked.diagnostics {
            let file = diagnostic.span?.file ?? 0
            if file == own {
                let span = diagnostic.span ?? SourceSpan(file: own, lower: 0, upper: 0)
                found.append(json(diagnostic, at: document.places.range(span), own, checked.sources, document))
            } else if root.uri == document.uri, let include = includeSpan(of: file, in: document, checked.sources) {
                var inner = diagnostic
                inner.message = "in the included script: \(diagnostic.message)"
                inner.notes.append(Diagnostic.Note(diagnostic.message, at: diagnostic.span))
                found.append(json(inner, at: document.places.range(include), own, checked.sources, document))
            }
        }
        return .array(found)
    }

    private func json(_ diagnostic: Diagnostic, at range: JSON, _ own: Int, _ sources: SourceMap, _ document: Document) -> JSON {
        let lines = [diagnostic.message] + (diagnostic.label.map { [$0] } ?? []) + diagnostic.help.map { "help: \($0)" }
        let severity: JSON = switch diagnostic.severity {
        case .error: 1
        case .warning: 2
        case .note: 3
        }
        var members: [String: JSON] = [
            "range": range, "code": .string(diagnostic.code), "source": "vptsp",
            "message": .string(lines.joined(separator: "\n")),
            "severity": severity,
        ]
        let related = diagnostic.notes.compactMap { note -> JSON? in
            guard let span = note.span, let file = sources[span.file] else { return nil }
            let uri = span.file == own ? document.uri : Document.uri(of: file.name)
            let places = span.file == own ? document.places : TextPlaces(file.text)
            return ["location": ["uri": .string(uri), "range": places.range(span)], "message": .string(note.message)]
        }
        if !related.isEmpty { members["relatedInformation"] = .array(related) }
        return .object(members)
    }

    /// The `include` through which a file came in.
    private func includeSpan(of file: Int, in document: Document, _ sources: SourceMap) -> SourceSpan? {
        let path = sources[file]?.name ?? ""
        return Includes.of(document.result.script).first { include in
            let target = Workspace.resolved(include.path.text, from: document.path)
            if target == path { return true }
            return workspace.document(at: target).map { workspace.closure(of: $0).contains { $0.path == path } } ?? false
        }?.path.span
    }
}
