internal import Experiments
import Reporting
import VPSAnalysis

struct DiffHandler: CommandHandler {
    static let name = "diff"

    /// One side of the comparison.
    private struct Side {
        let name: String
        let specification: ExperimentSpecification
        /// Nil for the session.
        var manifest: RunManifest?
        var metrics: RunMetrics?
    }

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let first = try side(arguments.path("run"))
        let second = try arguments.optionalPath("other").map(side) ?? Side(name: "session", specification: session.experiment.specification)
        var table = TextTable([TextTable.Column("setting"), TextTable.Column(first.name), TextTable.Column(second.name)])
        let difference = SpecificationDifference(first.specification, second.specification)
        for row in difference.rows { add(row.setting, row.first, row.second, to: &table) }
        if let one = first.manifest, let other = second.manifest {
            for (title, mine, theirs) in [
                ("pictures", one.dataHash, other.dataHash), ("weights", one.weightsHash, other.weightsHash), ("program", one.programHash, other.programHash),
                ("processor", one.processor, other.processor),
            ] where mine != theirs { add(title, String(mine.prefix(12)), String(theirs.prefix(12)), to: &table) }
        }
        let figures = figures(first)
        let others = figures.isEmpty ? [] : self.figures(second)
        for (name, text) in figures { add(name, text, others.first { $0.0 == name }?.1, to: &table) }
        session.output.write(table.render(isUnicode: Terminal.standardOutput.isUnicode))
        let count = difference.rows.count
        session.say(count == 0 ? "the settings are the same" : "\(count) \(count == 1 ? "setting differs" : "settings differ")")
        return .record(Record([("settings", .integer(count))]))
    }

    private func add(_ name: String, _ first: String?, _ second: String?, to table: inout TextTable) {
        table.add([.text(name), first.map { .text($0) } ?? .missing, second.map { .text($0) } ?? .missing])
    }

    private func side(_ path: String) throws -> Side {
        let folder = try RunFolder.open(path)
        let manifest = try folder.manifest()
        return Side(name: PathText.name(of: folder.path), specification: manifest.specification, manifest: manifest, metrics: try folder.metrics())
    }

    private func figures(_ side: Side) -> [(String, String)] {
        guard let metrics = side.metrics else { return [] }
        var figures: [(String, String)] = []
        if let outcome = metrics.outcome {
            figures += [("loss", NumberText.fixed(outcome.loss, decimals: 4)), ("steps", grouped(outcome.steps)), ("trained", grouped(outcome.trainableParameters))]
        }
        for model in RunEpoch.allCases {
            if let record = metrics.figure(of: model) { figures.append((model.title, record.figures)) }
        }
        return figures
    }
}
