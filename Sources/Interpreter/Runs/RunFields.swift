internal import Diagnostics
internal import Experiments
internal import RunStore
import VPSAnalysis
internal import VPSSyntax

/// What a run can be found, sorted and shown by: its figures (`recall@1`, `best.map@r`, `loss`), what it is (`method`, `data`,
/// `state`, `tag`) and its settings as the commands name them (`optim.lr`, or `lr` alone where that names one setting).
struct RunFields {
    /// Those that every run has, or could have.
    static let names = ["name", "state", "started", "sweep", "method", "backbone", "data", "seed", "parameters", "tag"]

    let record: RunRecord

    /// Nil where the run has none of the name.
    func value(_ name: String) -> Value? {
        switch name {
        case "name": .text(record.name)
        case "state": .text(record.state.rawValue)
        case "started": .text(record.started)
        case "sweep": .text(record.sweep ?? "")
        case "method": .text(record.specification.methodName ?? "")
        case "backbone": .text(record.specification.backbone?.name ?? "")
        case "data": .text(record.specification.data?.name ?? "")
        case "seed": Int(exactly: record.specification.seed).map(Value.integer) ?? .number(Double(record.specification.seed))
        case "parameters": .integer(record.parameters)
        case "tag": .text(record.tags.joined(separator: " "))
        default: record.figure(name).map(Value.number) ?? setting(name)
        }
    }

    /// `optim.lr` with its text in a script, in the order of the commands.
    var settings: [(name: String, text: String)] {
        let text = SpecificationText(specification: record.specification)
        return (SpecificationText.commands + ["train"]).flatMap(text.values)
    }

    private func setting(_ name: String) -> Value? {
        let settings = settings
        let found = settings.first { $0.name == name } ?? {
            let short = settings.filter { $0.name.split(separator: ".").last.map(String.init) == name }
            return short.count == 1 ? short.first : nil
        }()
        guard let text = found?.text else { return nil }
        let (expression, diagnostics) = Parser.parseValue(Array(text.utf8), file: -1)
        guard diagnostics.isEmpty, let value = try? Evaluator.value(of: expression, in: Scope()) else { return .text(text) }
        return value
    }

    /// Everything that the run can be asked for.
    private var allNames: [String] { Self.names + record.figures.map(\.name) + settings.map(\.name) }

    /// What is said of a name that none of the runs has.
    static func unknown(_ name: String, at span: SourceSpan, among runs: [RunFields]) -> Diagnostic {
        let known = Array(Set(runs.flatMap(\.allNames))).sorted()
        return Diagnostic(
            code: AnalysisCode.unknownField.rawValue, "no run has a `\(name)`", at: span,
            label: closestMatch(to: name, among: known).map { "did you mean `\($0)`?" },
            help: ["runs have \(names.joined(separator: ", ")), figures such as recall@1 and loss, and settings such as optim.lr"])
    }
}
