/// An EBNF grammar read from text, in the notation that Grammar/vps.ebnf explains.
public struct EBNF: Sendable {
    public indirect enum Node: Sendable {
        case text(String)
        case range(Character, Character)
        case special(String)
        case rule(String)
        case sequence([Node])
        case choice([Node])
        case optional(Node)
        case many(Node)
        /// The first, but none of the texts that the second can be.
        case except(Node, Node)
    }

    public struct Malformed: Error, CustomStringConvertible {
        public var description: String
    }

    public private(set) var rules: [String: Node] = [:]

    public init(_ text: String) throws {
        var reader = Reader(tokens: try Self.tokens(of: text))
        while !reader.isAtEnd {
            let (name, node) = try reader.rule()
            guard rules.updateValue(node, forKey: name) == nil else { throw Malformed(description: "two rules `\(name)`") }
        }
        for (name, node) in rules {
            for used in Self.names(in: node) where rules[used] == nil {
                throw Malformed(description: "`\(name)` uses `\(used)`, which has no rule")
            }
        }
    }

    public static func names(in node: Node) -> [String] {
        switch node {
        case .text, .range, .special: []
        case .rule(let name): [name]
        case .sequence(let nodes), .choice(let nodes): nodes.flatMap(names)
        case .optional(let node), .many(let node): names(in: node)
        case .except(let node, let excluded): names(in: node) + names(in: excluded)
        }
    }

    /// The words of a rule that only lists words.
    public func words(of node: Node) -> [String] {
        switch node {
        case .text(let text): [text]
        case .rule(let name): rules[name].map(words) ?? []
        case .choice(let nodes): nodes.flatMap(words)
        default: []
        }
    }

    private enum Token: Equatable {
        case name(String), text(String), special(String), mark(Character)
    }

    private static func tokens(of text: String) throws -> [Token] {
        var tokens: [Token] = []
        var rest = text[...]
        while let first = rest.first {
            if first.isWhitespace {
                rest.removeFirst()
            } else if rest.hasPrefix("(*") {
                guard let end = rest.firstRange(of: "*)") else { throw Malformed(description: "open comment") }
                rest = rest[end.upperBound...]
            } else if first == "\"" || first == "'" || first == "?" {
                let body = rest.dropFirst()
                guard let end = body.firstIndex(of: first) else { throw Malformed(description: "open \(first)") }
                let inner = String(body[..<end])
                tokens.append(first == "?" ? .special(inner.trimming()) : .text(inner))
                rest = body[body.index(after: end)...]
            } else if first.isLetter {
                var end = rest.startIndex
                while end < rest.endIndex, rest[end].isLetter || rest[end] == "-" { end = rest.index(after: end) }
                tokens.append(.name(String(rest[..<end])))
                rest = rest[end...]
            } else {
                tokens.append(.mark(first))
                rest.removeFirst()
            }
        }
        return tokens
    }

    private struct Reader {
        let tokens: [Token]
        var position = 0

        init(tokens: [Token]) { self.tokens = tokens }

        var isAtEnd: Bool { position >= tokens.count }

        private var current: Token? { isAtEnd ? nil : tokens[position] }

        private mutating func accept(_ mark: Character) -> Bool {
            guard current == .mark(mark) else { return false }
            position += 1
            return true
        }

        private mutating func expect(_ mark: Character) throws {
            guard accept(mark) else {
                throw Malformed(description: "expected \(mark), found \(String(describing: current)) at token \(position)")
            }
        }

        mutating func rule() throws -> (String, Node) {
            guard case .name(let name)? = current else { throw Malformed(description: "a rule without a name") }
            position += 1
            try expect("=")
            let node = try choice()
            try expect(";")
            return (name, node)
        }

        private mutating func choice() throws -> Node {
            var nodes = [try sequence()]
            while accept("|") { nodes.append(try sequence()) }
            return nodes.count == 1 ? nodes[0] : .choice(nodes)
        }

        private mutating func sequence() throws -> Node {
            var nodes = [try exception()]
            while accept(",") { nodes.append(try exception()) }
            return nodes.count == 1 ? nodes[0] : .sequence(nodes)
        }

        private mutating func exception() throws -> Node {
            let node = try factor()
            return accept("-") ? .except(node, try factor()) : node
        }

        private mutating func factor() throws -> Node {
            guard let token = current else { throw Malformed(description: "the grammar ends in a rule") }
            position += 1
            switch token {
            case .name(let name): return .rule(name)
            case .special(let words): return .special(words)
            case .text(let text):
                guard accept("…") else { return .text(text) }
                guard case .text(let last)? = current, let from = text.first, let to = last.first else {
                    throw Malformed(description: "a range without an end")
                }
                position += 1
                return .range(from, to)
            case .mark("("): return try bracketed(")")
            case .mark("["): return .optional(try bracketed("]"))
            case .mark("{"): return .many(try bracketed("}"))
            case .mark(let mark): throw Malformed(description: "unexpected \(mark)")
            }
        }

        private mutating func bracketed(_ closer: Character) throws -> Node {
            let node = try choice()
            try expect(closer)
            return node
        }
    }
}

extension String {
    fileprivate func trimming() -> String {
        var slice = self[...]
        while slice.first?.isWhitespace == true { slice.removeFirst() }
        while slice.last?.isWhitespace == true { slice.removeLast() }
        return String(slice)
    }
}
