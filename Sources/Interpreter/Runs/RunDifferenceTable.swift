internal import Experiments
import Reporting
import VPSAnalysis

/// Settings in which runs differ, and their figures, a column for each run; `diff` sets a run beside the session in the same way.
struct RunDifferenceTable {
    /// One column.
    struct Side {
        let name: String
        let specification: ExperimentSpecification
        /// Nil for the session.
        var manifest: RunManifest?
        var metrics: RunMetrics?

        init(_ folder: RunFolder) throws {
            name = PathText.name(of: folder.path)
            manifest = try folder.manifest()
            specification = try folder.manifest().specification
            metrics = try folder.metrics()
        }

        init(session specification: ExperimentSpecification) {
            name = "session"
            self.specification = specification
        }
    }

    /// How many settings differ.
    let settings: Int
    private var table: TextTable

    init(_ folders: [RunFolder]) throws { self.init(try folders.map(Side.init)) }

    init(_ sides: [Side]) {
        table = TextTable([TextTable.Column("setting")] + sides.map { TextTable.Column($0.name) })
        let names = SpecificationDifference.names(sides.map(\.specification))
        settings = names.count
        let values = sides.map { side in SpecificationDifference.values(of: side.specification) }
        for name in names { add(name, values.map { $0[name] }) }
        if sides.allSatisfy({ $0.manifest != nil }) {
            let hashes: [(String, (RunManifest) -> String)] = [
                ("pictures", \.dataHash), ("weights", \.weightsHash), ("program", \.programHash), ("processor", \.processor), ("kernels", \.blasKernel),
            ]
            for (title, hash) in hashes {
                let texts = sides.compactMap(\.manifest).map(hash)
                if Set(texts).count > 1 { add(title, texts.map { String($0.prefix(12)) }) }
            }
        }
        let figures = sides.map(Self.figures)
        for name in Self.figureNames where figures.contains(where: { $0[name] != nil }) && figures[0].isEmpty == false { add(name, figures.map { $0[name] }) }
    }

    private mutating func add(_ name: String, _ texts: [String?]) {
        table.add([.text(name)] + texts.map { text in text.map { .text($0) } ?? .missing })
    }

    func text(isUnicode: Bool) -> String { table.render(isUnicode: isUnicode) }

    private static let figureNames = ["loss", "steps", "trained"] + RunEpoch.allCases.map(\.title)

    private static func figures(_ side: Side) -> [String: String] {
        guard let metrics = side.metrics else { return [:] }
        var figures: [String: String] = [:]
        if let outcome = metrics.outcome {
            figures["loss"] = NumberText.fixed(outcome.loss, decimals: 4)
            figures["steps"] = grouped(outcome.steps)
            figures["trained"] = grouped(outcome.trainableParameters)
        }
        for model in RunEpoch.allCases { figures[model.title] = metrics.figure(of: model)?.figures }
        return figures
    }
}
