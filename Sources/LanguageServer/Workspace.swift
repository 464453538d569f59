internal import Foundation
import Diagnostics
import VPSAnalysis
import VPSSyntax

/// The open scripts, and those beside them on disk that include them or are included.
struct Workspace {
    /// Scripts of one folder that are looked through for includes.
    private static let most = 200

    private(set) var open: [String: Document] = [:]

    mutating func set(_ document: Document) { open[document.uri] = document }

    mutating func close(_ uri: String) { open[uri] = nil }

    /// What checks see: open scripts as they are in the editor, all else as it is on disk.
    var files: any FileAccess { OpenFiles(texts: Dictionary(open.values.filter { !$0.path.isEmpty }.map { ($0.path, $0.text) }) { $1 }) }

    /// A script by its path.
    func document(at path: String) -> Document? {
        if let document = open.values.first(where: { $0.path == path }) { return document }
        guard let text = try? LocalFiles().contents(of: path), text.count <= MessageStream.longest else { return nil }
        return Document(uri: Document.uri(of: path), text: text)
    }

    // MARK: Includes

    /// The script and everything that it includes, by way of others too.
    func closure(of document: Document) -> [Document] {
        var found = [document]
        var seen: Set<String> = [document.path]
        var next = 0
        while next < found.count, found.count < Self.most {
            let here = found[next]
            next += 1
            for include in Includes.of(here.result.script) {
                let path = Self.resolved(include.path.text, from: here.path)
                if seen.insert(path).inserted, let included = self.document(at: path) { found.append(included) }
            }
        }
        return found
    }

    static func resolved(_ written: String, from path: String) -> String {
        let folder = PathText.folder(of: path)
        return URL(fileURLWithPath: PathText.resolved(written, in: folder)).standardizedFileURL.path
    }

    /// Scripts that are open, or lie in the folder of `document`, and include it.
    func includers(of document: Document) -> [Document] {
        guard !document.path.isEmpty else { return [] }
        return neighbours(of: document).filter { other in
            other.path != document.path && closure(of: other).contains { $0.path == document.path }
        }
    }

    private func neighbours(of document: Document) -> [Document] {
        let folder = PathText.folder(of: document.path)
        let names = LocalFiles().names(in: folder).filter { $0.hasSuffix(".vps") }.prefix(Self.most)
        var found = open.values.sorted { $0.uri < $1.uri }
        for name in names {
            let path = PathText.resolved(name, in: folder)
            if !found.contains(where: { $0.path == path }), let other = self.document(at: path) { found.append(other) }
        }
        return found
    }

    /// Every script in which a name of the script, or a command that a `def` makes, is the one that `document` has: it
    /// goes along includes from script to script that mentions it.
    func scripts(sharing name: String, in space: NameIndex.Space, with document: Document) -> [Document] {
        var shared = [document]
        let groups = (neighbours(of: document).filter { $0.path != document.path } + [document]).map(closure)
        var grew = true
        while grew {
            grew = false
            for group in groups where group.contains(where: { member in shared.contains { $0.uri == member.uri } }) {
                for member in group where !shared.contains(where: { $0.uri == member.uri }) {
                    guard !member.index.occurrences(of: name, in: space).isEmpty else { continue }
                    shared.append(member)
                    grew = true
                }
            }
        }
        return shared
    }
}

/// Disk, with the texts of the editor over it.
private struct OpenFiles: FileAccess {
    let texts: [String: [UInt8]]

    func kind(of path: String) -> FileKind? { texts[path] != nil ? .file : LocalFiles().kind(of: path) }

    func contents(of path: String) throws -> [UInt8] { try texts[path] ?? LocalFiles().contents(of: path) }

    func names(in folder: String) -> [String] { LocalFiles().names(in: folder) }
}

/// The `include`s of a script, at any depth.
enum Includes {
    static func of(_ script: Script) -> [IncludeStatement] { of(script.statements) }

    private static func of(_ statements: [Statement]) -> [IncludeStatement] {
        statements.flatMap { statement -> [IncludeStatement] in
            switch statement.kind {
            case .include(let include): [include]
            default: statement.blocks.flatMap { of($0.statements) }
            }
        }
    }
}

extension Statement {
    /// The blocks directly inside it.
    var blocks: [Block] {
        switch kind {
        case .command(let command): command.block.map { [$0] } ?? []
        case .if(let branching): branching.branches.map(\.body) + (branching.otherwise.map { [$0] } ?? [])
        case .for(let loop): [loop.body]
        case .def(let definition): [definition.body]
        default: []
        }
    }
}
