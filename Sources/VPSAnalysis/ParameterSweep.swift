public import Diagnostics
public import VPSSyntax

/// Values for the `param`s of a script from the command line, several of each: `alpha=0.1,0.3`, `lr=log(1e-4..1e-2, 5)`.
public struct ParameterSweep: Sendable {
    /// Parameters with several values.
    public private(set) var axes: [SweepAxis] = []
    /// Parameters with one.
    public private(set) var fixed: [ParameterAssignment] = []
    public private(set) var diagnostics: [Diagnostic] = []

    private let declared: [ParamStatement]

    /// - Parameter declared: the script's parameters.
    public init(declared: [ParamStatement]) {
        self.declared = declared
    }

    /// Reads what stands after `name=`.
    /// - Parameter sources: the text is added to it, for messages.
    public mutating func add(_ name: String, _ text: String, sources: inout SourceMap) {
        // In brackets, what is separated by commas is a list; the first one stands where the `=` does, behind blanks in place of the
        // name, so that places in the list are places in the argument.
        let mark = name.utf8.count
        let bytes = Array(repeating: 0x20, count: mark) + Array("[\(text)]".utf8)
        let file = sources.add(name: "command line", text: Array("\(name)=\(text) ".utf8))
        let span = SourceSpan(file: file, lower: mark + 1, upper: bytes.count - 1)
        guard let statement = declared.first(where: { $0.name.text == name }) else {
            diagnostics.append(.unknownParameter(name, declared: declared.map(\.name.text), at: SourceSpan(file: file, lower: 0, upper: mark)))
            return
        }
        let (value, wrong) = Parser.parseValue(bytes, file: file)
        var elements: [Expression]
        if wrong.isEmpty, case .list(let list) = value.kind {
            elements = list
        } else {
            // Paths need no quotes.
            elements = text.split(separator: ",").map { Expression(.string([.text(String($0))]), span: span) }
        }
        let isOne = elements.count == 1
        guard isOne, let only = elements.first, only.isSequence || only.isList else {
            if isOne, let only = elements.first {
                fixed.append(ParameterAssignment(name: name, value: only, span: span))
            } else {
                vary(statement, Expression(.list(elements), span: span), at: span)
            }
            return
        }
        vary(statement, only, at: span)
    }

    private mutating func vary(_ statement: ParamStatement, _ domain: Expression, at span: SourceSpan) {
        var space = SweepSpace(axes: [], body: [])
        space.add(VaryStatement(names: [statement.name], domain: domain), at: span, scope: Scope())
        diagnostics += space.diagnostics
        guard space.diagnostics.isEmpty, let axis = space.groups.first?.first else { return }
        for value in axis.domain.examples.compactMap(\.first) {
            guard let assignment = ParameterAssignment(name: statement.name.text, value: value, span: span) else { continue }
            let check = ParameterCheck(statement, given: assignment, scope: Scope())
            // What is wrong with the default is told when the script is checked.
            guard let wrong = check.diagnostics.first(where: { $0.code == AnalysisCode.parameterOutOfDomain.rawValue }) else { continue }
            diagnostics.append(wrong)
            return
        }
        axes.append(axis)
    }
}

extension ParameterAssignment {
    /// The value as a script would give it; nil for one that no script can give.
    public init?(name: String, value: Value, span: SourceSpan) {
        guard let expression = value.expression(at: span) else { return nil }
        self.init(name: name, value: expression, span: span)
    }
}

extension Expression {
    /// Stands for several values by itself.
    fileprivate var isSequence: Bool {
        switch kind {
        case .range: true
        case .call(let function, _): SweepDomain.functions.contains { $0.name == function.text }
        default: false
        }
    }

    fileprivate var isList: Bool { if case .list = kind { true } else { false } }
}
