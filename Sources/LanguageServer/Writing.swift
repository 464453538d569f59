import Diagnostics
import VPSAnalysis
import VPSSyntax

/// Help while writing: completion, signatures, hover.
struct Writing {
    let workspace: Workspace
    let document: Document

    /// The names that hold where a line starts, and those that the `def` around it has made.
    private func scope(at offset: Int) -> Scope {
        let before = Array(document.text[..<document.places.file.lineStart(of: offset)])
        let script = Parser.parse(before, file: 0).script
        var scope = Analyzer.scope(after: script, path: document.path, files: workspace.files)
        guard let definition = definition(around: offset) else { return scope }
        var own: [String: Value] = [:]
        for name in document.index.occurrences where name.space == .definition(definition.name.text) && name.role.isDefinition {
            if name.span.upper < offset { own[name.name] = .unknown(.anything) }
        }
        scope = scope.entering(with: own)
        return scope
    }

    private func definition(around offset: Int) -> DefStatement? {
        for statement in document.result.script.statements where statement.span.lower <= offset && offset <= statement.span.upper {
            if case .def(let definition) = statement.kind, definition.body.span.lower < offset { return definition }
        }
        return nil
    }

    private func text(upTo offset: Int) -> String { String(decoding: document.text[..<offset], as: UTF8.self) }

    // MARK: Completion

    func completion(at offset: Int) -> JSON {
        let before = text(upTo: offset)
        let list = Completer(files: workspace.files).complete(before, cursor: before.utf8.count, scope: scope(at: offset))
        let span = SourceSpan(file: 0, lower: list.replaces.lowerBound, upper: list.replaces.upperBound)
        let range = document.places.range(span)
        let items = list.completions.enumerated().map { index, completion -> JSON in
            [
                "label": .string(completion.text), "kind": .number(Double(Self.kind(of: completion.kind))),
                "detail": .string(completion.summary), "sortText": .string(Self.rank(index)),
                "textEdit": ["range": range, "newText": .string(completion.text)],
            ]
        }
        return ["isIncomplete": false, "items": .array(items)]
    }

    /// Keeps the order of the list in a sort of texts.
    private static func rank(_ index: Int) -> String {
        let digits = String(index)
        return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    private static func kind(of kind: Completion.Kind) -> Int {
        switch kind {
        case .command: 3  // function
        case .function: 3
        case .field: 5
        case .variable: 6
        case .option, .flag: 10  // property
        case .word: 20  // enum member
        case .statement: 14  // keyword
        case .path: 17  // file
        case .topic: 18  // reference
        }
    }

    func signature(at offset: Int) -> JSON {
        guard let signature = Signature.at(endOf: text(upTo: offset), scope: scope(at: offset)) else { return .null }
        let parameters = signature.parameters.map { parameter -> JSON in
            ["label": .string(parameter.text), "documentation": .string(parameter.summary)]
        }
        var members: [String: JSON] = [
            "label": .string(signature.label), "documentation": .string(signature.summary), "parameters": .array(parameters),
        ]
        if let active = signature.active { members["activeParameter"] = .number(Double(active)) }
        return [
            "signatures": [.object(members)], "activeSignature": 0,
            "activeParameter": signature.active.map { .number(Double($0)) } ?? .null,
        ]
    }

    // MARK: Hover

    func hover(at offset: Int) -> JSON {
        guard let (text, span) = explanation(at: offset) else { return .null }
        return ["contents": ["kind": "markdown", "value": .string(text)], "range": document.places.range(span)]
    }

    private func explanation(at offset: Int) -> (String, SourceSpan)? {
        if let name = document.index.occurrence(at: offset), let text = explanation(of: name) { return (text, name.span) }
        guard let word = word(at: offset) else { return nil }
        let text = document.text[word.lower..<word.upper]
        let name = String(decoding: text, as: UTF8.self)
        let statement = statement(at: offset, in: document.result.script.statements)
        if case .command(let command)? = statement?.kind, command.name.span != word,
            HelpText.hasTopic("\(command.name.text).\(name)")
        {
            return (Self.fenced(HelpText.topic("\(command.name.text).\(name)")), word)
        }
        return HelpText.hasTopic(name) ? (Self.fenced(HelpText.topic(name)), word) : nil
    }

    private func explanation(of name: NameIndex.Occurrence) -> String? {
        let definitions = workspace.scripts(sharing: name.name, in: name.space, with: document).flatMap { script in
            script.index.occurrences(of: name.name, in: name.space).filter(\.role.isDefinition).map { (script, $0) }
        }
        guard let (script, first) = definitions.first else { return nil }
        let line = script.places.file.line(of: first.span.lower)
        let bounds = script.places.file.bounds(ofLine: line)
        let source = String(decoding: script.text[bounds], as: UTF8.self).drop { $0 == " " || $0 == "\t" }
        let place = script.uri == document.uri ? "line \(line)" : "\(PathText.name(of: script.path)), line \(line)"
        var text = "```vps\n\(source)\n```\n\(place)"
        if name.space == .script {
            let end = document.places.file.bounds(ofLine: document.places.file.line(of: name.span.lower)).upperBound
            let result = Parser.parse(Array(document.text[..<end]), file: 0)
            let scope = Analyzer.scope(after: result.script, path: document.path, files: workspace.files)
            if let value = scope[name.name], value.isKnown { text += ": `\(String(value.literal.prefix(200)))`" }
        }
        return text
    }

    private static func fenced(_ text: String) -> String { "```text\n\(text)```" }

    /// The word whose letters are on either side of a byte.
    private func word(at offset: Int) -> SourceSpan? {
        func isPart(_ index: Int) -> Bool {
            guard document.text.indices.contains(index) else { return false }
            let byte = document.text[index]
            return byte == 0x2D || byte == 0x40 || byte == 0x5F || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte)
        }
        var lower = offset
        var upper = offset
        while isPart(lower - 1) { lower -= 1 }
        while isPart(upper) { upper += 1 }
        return lower < upper ? SourceSpan(file: 0, lower: lower, upper: upper) : nil
    }

    /// The innermost one around a byte.
    private func statement(at offset: Int, in statements: [Statement]) -> Statement? {
        guard let outer = statements.last(where: { $0.span.lower <= offset && offset <= $0.span.upper }) else { return nil }
        for block in outer.blocks where block.span.lower < offset && offset < block.span.upper {
            return statement(at: offset, in: block.statements)
        }
        return outer
    }
}
