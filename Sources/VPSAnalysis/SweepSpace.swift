public import Diagnostics
public import VPSSyntax

/// One `vary`: names, and what they may be.
public struct SweepAxis: Sendable {
    public var names: [Name]
    public var domain: SweepDomain
    /// Of the statement.
    public var span: SourceSpan
    /// Of what the names may be.
    public var place: SourceSpan
}

/// What a sweep goes through: the `vary` statements at the head of its block, and the statements of a cell after them.
public struct SweepSpace: Sendable {
    /// The values of one cell, in the order of the axes.
    public typealias Setting = [(name: String, value: Value)]

    /// Most cells of a sweep, seeds counted in.
    public static let mostCells = 10_000

    /// Each group is the product of its axes; at least one group.
    public private(set) var groups: [[SweepAxis]] = [[]]
    /// The statements after the `vary`s.
    public private(set) var body: [Statement] = []
    public private(set) var diagnostics: [Diagnostic] = []

    /// - Parameter scope: what holds before the sweep; axes do not see each other.
    public init(_ block: Block, scope: Scope) {
        for statement in block.statements {
            guard case .vary(let vary) = statement.kind else {
                body.append(statement)
                continue
            }
            if !body.isEmpty {
                diagnostics.append(.misplacedVary(statement, "after other statements of its sweep", help: "`vary` comes first in the block"))
            }
            add(vary, at: statement.span, scope: scope)
        }
    }

    /// A space of axes that are known, for statements that come from elsewhere.
    public init(axes: [SweepAxis], body: [Statement]) {
        groups = [axes]
        self.body = body
    }

    mutating func add(_ vary: VaryStatement, at span: SourceSpan, scope: Scope) {
        if vary.beginsGroup {
            if groups.last?.isEmpty ?? true {
                diagnostics.append(
                    Diagnostic(
                        code: AnalysisCode.misplacedVary.rawValue, "`+` follows no `vary`", at: span,
                        help: ["the first group has no `+`; `+ vary …` begins the next one"]))
            } else {
                groups.append([])
            }
        }
        for (position, name) in vary.names.enumerated() {
            let earlier = (groups.last ?? []).flatMap(\.names) + vary.names[..<position]
            guard let first = earlier.first(where: { $0.text == name.text }) else { continue }
            diagnostics.append(
                Diagnostic(
                    code: AnalysisCode.variedTwice.rawValue, "`\(name.text)` is varied twice", at: name.span,
                    help: ["`+ vary …` begins another group of cells, which may vary the same names"],
                    notes: [Diagnostic.Note("first varied here", at: first.span)]))
            return
        }
        groups[groups.count - 1].append(SweepAxis(names: vary.names, domain: domain(of: vary, scope: scope), span: span, place: vary.domain.span))
    }

    private mutating func domain(of vary: VaryStatement, scope: Scope) -> SweepDomain {
        do {
            return try SweepDomain(vary, scope: scope)
        } catch {
            diagnostics.append(error)
            return .unknown
        }
    }

    static func tooMany(at span: SourceSpan) -> Diagnostic {
        Diagnostic(
            code: AnalysisCode.tooManyCells.rawValue, "a sweep has at most \(mostCells) cells", at: span,
            help: ["vary fewer values, or values in step: `vary a, b in [(1, 2), (3, 4)]`"])
    }

    /// Every combination, the last axis fastest, group after group; nil when an axis is not known.
    /// - Throws: when there are more than ``mostCells``.
    public func grid(at span: SourceSpan) throws(Diagnostic) -> [Setting]? {
        var settings: [Setting] = []
        for group in groups {
            var product: [Setting] = [[]]
            for axis in group {
                guard case .points(let points) = axis.domain else { return nil }
                let (count, overflows) = product.count.multipliedReportingOverflow(by: points.count)
                guard !overflows, settings.count + count <= Self.mostCells else { throw Self.tooMany(at: span) }
                product = product.flatMap { setting in
                    points.map { setting + Self.setting(axis, $0) }
                }
            }
            settings += product
        }
        return settings
    }

    /// Settings that stand for all that may be drawn: each axis at each of its examples, the others at their first; nil
    /// when an axis is not known.
    public var samples: [Setting]? {
        let axes = groups.flatMap { $0 }
        guard axes.allSatisfy({ !$0.domain.examples.isEmpty }) else { return nil }
        let first = axes.map { Self.setting($0, $0.domain.examples.first ?? []) }
        var samples = [first.flatMap { $0 }]
        for (index, axis) in axes.enumerated() {
            for example in axis.domain.examples.dropFirst() {
                samples.append(axes.indices.flatMap { $0 == index ? Self.setting(axis, example) : first[$0] })
            }
        }
        return samples
    }

    private static func setting(_ axis: SweepAxis, _ point: [Value]) -> Setting { zip(axis.names, point).map { ($0.text, $1) } }

    /// Every name that some group varies, in the order of first mention.
    public var names: [String] {
        var seen: Set<String> = []
        return groups.flatMap { $0.flatMap { $0.names.map(\.text) } }.filter { seen.insert($0).inserted }
    }
}

extension Diagnostic {
    /// A `vary` where none may stand.
    public static func misplacedVary(_ statement: Statement, _ place: String, help: String) -> Diagnostic {
        Diagnostic(code: AnalysisCode.misplacedVary.rawValue, "`vary` \(place)", at: statement.span, help: [help])
    }

    /// A sweep whose statements hold another one.
    public static func nestedSweep(at span: SourceSpan) -> Diagnostic {
        Diagnostic(
            code: AnalysisCode.nestedSweep.rawValue, "a sweep inside a sweep", at: span,
            help: ["several `vary` in one sweep go through every combination"])
    }
}
