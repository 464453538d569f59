import CommandCatalog
import Diagnostics
import VPSAnalysis
import VPSSyntax

/// Where names come from and go: definition, references, highlights, rename.
struct Naming {
    /// Why a name cannot be changed.
    struct Refusal: Error {
        var reason: String
    }

    let workspace: Workspace
    let document: Document

    /// Every occurrence of the name at a byte, with its script; empty where there is no name.
    private func occurrences(at offset: Int) -> [(script: Document, name: NameIndex.Occurrence)] {
        guard let name = document.index.occurrence(at: offset) else { return [] }
        return workspace.scripts(sharing: name.name, in: name.space, with: document)
            .sorted { ($0.uri == document.uri ? "" : $0.uri) < ($1.uri == document.uri ? "" : $1.uri) }
            .flatMap { script in script.index.occurrences(of: name.name, in: name.space).map { (script, $0) } }
    }

    func definitions(at offset: Int) -> JSON {
        if let include = Includes.of(document.result.script).first(where: { $0.path.span.lower <= offset && offset <= $0.path.span.upper }) {
            let path = Workspace.resolved(include.path.text, from: document.path)
            guard let script = workspace.document(at: path) else { return .null }
            return [Self.location(script, SourceSpan(file: 0, lower: 0, upper: 0))]
        }
        return .array(occurrences(at: offset).filter(\.name.role.isDefinition).map { Self.location($0.script, $0.name.span) })
    }

    func references(at offset: Int, withDefinitions: Bool) -> JSON {
        .array(
            occurrences(at: offset).filter { withDefinitions || !$0.name.role.isDefinition }
                .map { Self.location($0.script, $0.name.span) })
    }

    func highlights(at offset: Int) -> JSON {
        guard let name = document.index.occurrence(at: offset) else { return [] }
        return .array(
            document.index.occurrences(of: name.name, in: name.space).map {
                ["range": document.places.range($0.span), "kind": $0.role.isDefinition ? 3 : 2]  // write, read
            })
    }

    // MARK: Rename

    /// The part of the text that a new name would replace.
    func renamed(at offset: Int) throws(Refusal) -> JSON {
        let name = try target(at: offset)
        return ["range": document.places.range(name.span), "placeholder": .string(name.name)]
    }

    func rename(at offset: Int, to new: String) throws(Refusal) -> JSON {
        let name = try target(at: offset)
        let found = occurrences(at: offset)
        if new != name.name { try check(new, for: name, Self.scripts(of: found)) }
        var changes: [String: JSON] = [:]
        for script in Self.scripts(of: found) {
            changes[script.uri] = .array(
                script.index.occurrences(of: name.name, in: name.space).map {
                    ["range": script.places.range($0.span), "newText": .string(new)]
                })
        }
        return ["changes": .object(changes)]
    }

    private static func scripts(of found: [(script: Document, name: NameIndex.Occurrence)]) -> [Document] {
        var seen: Set<String> = []
        return found.map(\.script).filter { seen.insert($0.uri).inserted }
    }

    private func target(at offset: Int) throws(Refusal) -> NameIndex.Occurrence {
        guard let name = document.index.occurrence(at: offset) else { throw Refusal(reason: "there is no name here") }
        guard occurrences(at: offset).contains(where: { $0.name.role.isDefinition }) else {
            throw Refusal(
                reason: Catalog.command(named: name.name) != nil && name.space == .commands
                    ? "`\(name.name)` is a command of the language" : "`\(name.name)` is not made in this script")
        }
        return name
    }

    private func check(_ new: String, for name: NameIndex.Occurrence, _ scripts: [Document]) throws(Refusal) {
        if name.space == .commands {
            guard Parser.isBareWord(new), !Parser.statementWords.contains(new) else {
                throw Refusal(reason: "`\(new)` cannot name a command")
            }
            guard Catalog.command(named: new) == nil else { throw Refusal(reason: "`\(new)` is a command already") }
        } else {
            guard Parser.isName(new), !Parser.reservedWords.contains(new) else {
                throw Refusal(reason: "`\(new)` cannot name a variable")
            }
        }
        for script in scripts {
            guard script.index.occurrences(of: new, in: name.space).isEmpty else {
                throw Refusal(reason: "there is a `\(new)` already")
            }
            // A `def` sees the script's names but for its own: neither may come to stand for the other.
            for other in script.index.occurrences where other.name == new {
                switch (name.space, other.space) {
                case (.script, .definition(let owner)) where uses(name.name, inside: owner, of: script):
                    throw Refusal(reason: "`\(owner)` has a `\(new)` of its own and uses `\(name.name)`")
                case (.definition(let owner), .script) where isInside(other.span, owner, of: script):
                    throw Refusal(reason: "`\(owner)` uses the script's `\(new)`")
                default: break
                }
            }
        }
    }

    private func uses(_ name: String, inside owner: String, of script: Document) -> Bool {
        script.index.occurrences(of: name, in: .script).contains { isInside($0.span, owner, of: script) }
    }

    private func isInside(_ span: SourceSpan, _ owner: String, of script: Document) -> Bool {
        script.result.script.statements.contains { statement in
            guard case .def(let definition) = statement.kind, definition.name.text == owner else { return false }
            return definition.body.span.lower <= span.lower && span.upper <= definition.body.span.upper
        }
    }

    private static func location(_ script: Document, _ span: SourceSpan) -> JSON {
        ["uri": .string(script.uri), "range": script.places.range(span)]
    }
}
