/// Random sentences of a grammar. Rules in capitals are written without blanks between their parts.
public struct SentenceGenerator {
    /// What stands for each `? … ?` of the grammar.
    static let specials: [String: [String]] = [
        #"any character but ", \ and {"#: ["a", "Z", " ", "-", "#", "}", "é", "犬", "'", "$x", ".", "\t", "🐕"],
        "the number of a Unicode character in 1 to 8 hexadecimal digits": ["41", "e9", "1F600", "0000000a"],
        "line break": ["\n", "\n", "\r\n"],
        "anything up to the end of the line": ["", " note", " $x { \"", "#"],
    ]

    let grammar: EBNF
    public private(set) var usedRules: Set<String> = []
    private var random: SeededGenerator
    private let shortest: [String: Int]
    private var tokens: [String] = []
    private var depth = 0
    private let deepest: Int

    public init(grammar: EBNF, seed: UInt64, deepest: Int = 30) {
        self.grammar = grammar
        self.deepest = deepest
        random = SeededGenerator(seed: seed)
        shortest = Self.shortestDerivations(grammar)
    }

    public mutating func sentence(of rule: String) -> String {
        tokens = []
        depth = 0
        expand(.rule(rule))
        return joined()
    }

    // MARK: Derivation

    /// Levels of rules that a derivation of each rule needs at least.
    private static func shortestDerivations(_ grammar: EBNF) -> [String: Int] {
        var lengths: [String: Int] = [:]
        var changed = true
        while changed {
            changed = false
            for (name, node) in grammar.rules {
                let length = height(node, lengths) + 1
                if length < lengths[name] ?? 1_000 {
                    lengths[name] = length
                    changed = true
                }
            }
        }
        return lengths
    }

    private static func height(_ node: EBNF.Node, _ lengths: [String: Int]) -> Int {
        switch node {
        case .text, .range, .special, .optional, .many: 0
        case .rule(let name): lengths[name] ?? 1_000
        case .sequence(let nodes): nodes.map { height($0, lengths) }.max() ?? 0
        case .choice(let nodes): nodes.map { height($0, lengths) }.min() ?? 0
        case .except(let node, _): height(node, lengths)
        }
    }

    private mutating func expand(_ node: EBNF.Node) {
        switch node {
        case .rule(let name) where name == name.uppercased():
            tokens.append(text(node))
        case .rule(let name):
            usedRules.insert(name)
            depth += 1
            if let body = grammar.rules[name] { expand(body) }
            depth -= 1
        case .sequence(let nodes): nodes.forEach { expand($0) }
        case .choice(let nodes): expand(pick(nodes))
        case .optional(let node): if wantsMore(0.4) { expand(node) }
        case .many(let node): while wantsMore(0.45) { expand(node) }
        case .text, .range, .special, .except: tokens.append(text(node))
        }
    }

    /// The text of a token.
    private mutating func text(_ node: EBNF.Node) -> String {
        switch node {
        case .text(let text): return text
        case .range(let from, let to):
            let (low, high) = (from.asciiValue ?? 0, to.asciiValue ?? 0)
            return String(UnicodeScalar(low + UInt8(random.below(Int(high - low) + 1))))
        case .special(let words):
            let choices = Self.specials[words] ?? []
            precondition(!choices.isEmpty, "the test knows nothing of ? \(words) ?")
            return choices[random.below(choices.count)]
        case .rule(let name) where name != name.uppercased():
            return phrase(name)
        case .rule(let name):
            usedRules.insert(name)
            depth += 1
            defer { depth -= 1 }
            return grammar.rules[name].map { text($0) } ?? ""
        case .sequence(let nodes): return nodes.map { text($0) }.joined()
        case .choice(let nodes): return text(pick(nodes))
        case .optional(let node): return wantsMore(0.4) ? text(node) : ""
        case .many(let node):
            var result = ""
            for _ in 0..<12 where wantsMore(0.6) { result += text(node) }  // longer integers would not fit
            return result
        case .except(let node, let excluded):
            let words = grammar.words(of: excluded)
            while true {
                let result = text(node)
                if !words.contains(result) { return result }
            }
        }
    }

    /// A rule of several tokens inside a token: on one line.
    private mutating func phrase(_ name: String) -> String {
        let outer = tokens
        tokens = []
        expand(.rule(name))
        let result = tokens.joined(separator: " ")
        tokens = outer
        return result
    }

    private mutating func wantsMore(_ probability: Double) -> Bool {
        depth < deepest && tokens.count < 300 && random.chance(probability)
    }

    private mutating func pick(_ nodes: [EBNF.Node]) -> EBNF.Node {
        guard depth >= deepest || tokens.count > 300 else { return nodes[random.below(nodes.count)] }
        return nodes.min { Self.height($0, shortest) < Self.height($1, shortest) } ?? nodes[0]
    }

    // MARK: Blanks

    private mutating func joined() -> String {
        var result = ""
        var brackets: [String] = []
        for (position, token) in tokens.enumerated() {
            result += token
            switch token {
            case "(", "[", "{": brackets.append(token)
            case ")", "]", "}": if !brackets.isEmpty { brackets.removeLast() }
            default: if token.hasSuffix("("), !token.hasPrefix("\"") { brackets.append("(") }
            }
            guard position + 1 < tokens.count else { break }
            result += blank(after: token, before: tokens[position + 1], inBrackets: brackets.last.map { $0 != "{" } ?? false)
        }
        return result
    }

    private mutating func blank(after token: String, before next: String, inBrackets: Bool) -> String {
        let mayTouch = [",", ")", "]", "="].contains(next) || ["(", "[", ",", "="].contains(token)
        if mayTouch, random.chance(0.6) { return "" }
        let breaks = ["->", "+", "*", "/", "%", "^", "==", "!=", "<", "<=", ">", ">=", "and", "or"]
        switch random.below(20) {
        case 0: return "  "
        case 1: return "\t"
        case 2: return " \\\n  "
        case 3 where inBrackets: return "\n    "
        case 4 where inBrackets: return " # why\n"
        case 5 where breaks.contains(token): return "\n"
        default: return " "
        }
    }
}
