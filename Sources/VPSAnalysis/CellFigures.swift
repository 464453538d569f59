import CommandSchema
import Diagnostics

/// The figures that the commands of a sweep's cell return, as far as they are known before it runs: what `rank=` may name.
struct CellFigures {
    private var records: [Record] = []
    /// A command that could not be understood may return more.
    var mayHaveOthers = false

    mutating func add(_ arguments: BoundArguments) {
        guard !arguments.command.result.isEmpty else { return }
        guard case .record(let record) = arguments.expectedResult else { return mayHaveOthers = true }
        if !records.contains(record) { records.append(record) }
    }

    /// What is wrong with the `rank` of a sweep: no command returns it.
    func unknownRank(_ arguments: BoundArguments) -> Diagnostic? {
        guard arguments.isGiven("rank"), let rank = try? arguments.optionalText("rank"), !mayHaveOthers,
            !records.contains(where: { $0[rank] != nil || $0.mayHave(rank) })
        else { return nil }
        var names: [String] = []
        for field in records.flatMap(\.fields) where field.value.type.isNumeric && !names.contains(field.name) { names.append(field.name) }
        let guess = closestMatch(to: rank, among: names)
        return Diagnostic(
            code: AnalysisCode.unknownField.rawValue, "no command of the cell returns `\(rank)`", at: arguments.span(of: "rank"),
            label: guess.map { "did you mean `\($0)`?" },
            help: [names.isEmpty ? "no command of the cell returns a figure" : "there are \(names.joined(separator: ", "))"]
                + records.reduce(into: []) { hints, record in hints += record.hints.filter { !hints.contains($0) } })
    }
}
