internal import Diagnostics
internal import Experiments
internal import Foundation
internal import Reporting
internal import Sweeps
internal import VPSAnalysis
internal import VPSSyntax

/// One sweep from its cells to its table. Everything is checked and frozen before the first cell runs.
final class SweepRun {
    private let space: SweepSpace
    private let options: SweepOptions
    private let session: Session
    private let start: ExperimentSpecification
    private var identities: CellInputs

    init(_ space: SweepSpace, _ options: SweepOptions, in session: Session) throws {
        self.space = space
        self.options = options
        self.session = session
        start = session.experiment.specification
        identities = CellInputs(session)
    }

    /// - Returns: a list of records, a row for each combination.
    func run() throws -> Value {
        guard let settings = try space.grid(at: SourceSpan(file: 0, lower: 0, upper: 0)) else {
            throw ExperimentError(.specification, "the sweep's values are not known")
        }
        guard settings.count * options.count <= SweepSpace.mostCells else {
            throw ExperimentError(.specification, "\(settings.count) combinations with \(options.count) seeds are more than \(SweepSpace.mostCells) cells")
        }
        try check(settings)
        let folder = try makeFolder()
        let lock = try SweepLock(folder)
        defer { withExtendedLifetime(lock) {} }
        let hasModel = session.experiment.hasTrainedModel
        if hasModel { try session.experiment.save(to: folder.modelPath) }
        identities.model = hasModel ? try Experiment.modelIdentity(of: folder.modelPath) : nil
        var cells: [SweepCell] = []
        for (number, setting) in settings.enumerated() {
            for index in 0..<options.count { cells.append(try cell(number, setting, seed: index)) }
        }
        let manifest = try SweepManifest(
            name: options.name, specification: start, hasModel: hasModel,
            statements: Printer.print(Script(statements: space.body)), cells: cells)
        try folder.write(manifest)
        return try execute(cells, in: folder)
    }

    // MARK: Before it runs

    /// Each combination through the analysis, from where the session stands.
    private func check(_ settings: [SweepSpace.Setting]) throws {
        for setting in settings {
            var scope = session.scope
            for (name, value) in setting { scope.set(name, to: value) }
            let folder = space.body.first.flatMap { session.sources[$0.span.file]?.name } ?? ""
            var found = Analyzer.check(
                Script(statements: space.body), path: folder, files: session.files, sources: &session.sources, scope: scope, state: session.state,
                parameters: [])
            guard found.contains(where: { $0.severity == .error }) else { continue }
            let values = setting.map { "\($0.name)=\($0.value.literal)" }.joined(separator: " ")
            for index in found.indices where !values.isEmpty { found[index].help.append("in the cell \(values)") }
            throw Failure(found)
        }
    }

    private func makeFolder() throws -> SweepFolder {
        let parts = try session.experiment.partIdentities()
        identities.weights = parts.weights
        identities.data = parts.data
        var values = start
        values.seed = 0
        let identity = CellIdentity(start: try values.hash(), weights: parts.weights, data: parts.data, model: nil, inputs: [:], statements: "")
        return try SweepFolder.create(in: session.runsFolder, name: options.name, start: identity.hash())
    }

    private func cell(_ number: Int, _ setting: SweepSpace.Setting, seed index: Int) throws -> SweepCell {
        var specification = start
        specification.seed = UInt64(max(options.seed(index, from: Int(clamping: start.seed)), 0))
        var shown = specification.seed
        let session = session, options = options
        let statements = try CellStatements(
            space.body, setting: setting, scope: session.scope, parameters: session.parameters,
            seed: { number in
                let changed = options.seed(index, from: number)
                shown = UInt64(max(changed, 0))
                return changed
            },
            included: { try Executor(session: session).statements(of: $0) })
        let identity = CellIdentity(
            start: try specification.hash(), weights: identities.weights, data: identities.data, model: identities.model,
            inputs: try identities.inputs(of: statements.script, start: specification), statements: statements.essence)
        return SweepCell(
            hash: try identity.hash(), setting: number, values: setting.map { .init(name: $0.name, text: $0.value.literal) }, seed: shown,
            script: statements.text)
    }

    // MARK: Running

    private func execute(_ cells: [SweepCell], in folder: SweepFolder) throws -> Value {
        let jobs = min(options.jobs, cells.count)
        let display = SweepDisplay(cells: cells, folder: folder, jobs: jobs, rank: options.rank, session: session)
        defer { display.clear() }
        let scheduler = SweepScheduler(
            folder: folder, program: try WorkerProgram.path(), jobs: jobs, threads: max(1, session.experiment.threads / max(jobs, 1)),
            stopsAtFailure: options.stopsAtFailure)
        display.begin()
        let outcome = try scheduler.run(ListedCells(cells), observer: display.receive, shouldStop: session.shouldStop)
        display.end()
        var results: [(cell: SweepCell, result: CellResult)] = []
        for cell in cells {
            if let result = display.results[cell.hash] { results.append((cell, result)) }
        }
        let summary = SweepSummary(results, rank: options.rank)
        let table = SweepTable(summary)
        if !results.isEmpty {
            try folder.write(table.allCells(results, folder: folder), to: folder.cellTablePath)
            try folder.write(table.combinations(), to: folder.tablePath)
            session.output.write(table.text(isUnicode: Terminal.standardOutput.isUnicode))
        }
        let failed = results.filter { $0.result.status == .failed }
        session.say("\(results.count - failed.count) of \(cells.count) cells done\(failed.isEmpty ? "" : ", \(failed.count) failed"); kept in \(folder.path)")
        switch outcome {
        case .interrupted:
            session.say("stopped; the same sweep goes on with the cells that are missing")
            throw Interrupted()
        case .stopped:
            throw ExperimentError(.running, "a cell failed, and `stop=first` ends the sweep with it", help: failureHelp(failed.first, folder))
        case .complete:
            guard failed.count < results.count || results.isEmpty else {
                throw ExperimentError(.running, "every cell failed", help: failureHelp(failed.first, folder))
            }
        }
        if let rank = options.rank, !summary.figures.contains(rank) {
            throw ExperimentError(
                .specification, "no cell has a figure `\(rank)` to rank by", help: ["there are \(summary.figures.joined(separator: ", "))"])
        }
        return table.records
    }

    private func failureHelp(_ entry: (cell: SweepCell, result: CellResult)?, _ folder: SweepFolder) -> [String] {
        guard let entry else { return [] }
        return ["what it printed: \(folder.cellPath(entry.cell.hash))/output.txt", "the next run of the sweep tries it again"]
    }
}

/// SHA-256 of what cells read that the session has not read.
private struct CellInputs {
    var weights, data, model: String?
    private let session: Session
    private var known: [String: String] = [:]

    init(_ session: Session) { self.session = session }

    /// By the text of each statement: the weights and pictures of a cell's own `load` and `data`, the model that it restores.
    mutating func inputs(of script: Script, start: ExperimentSpecification) throws -> [String: String] {
        var inputs: [String: String] = [:]
        for statement in script.statements {
            guard case .command(let command) = statement.kind, ["load", "data", "restore"].contains(command.name.text) else { continue }
            let text = Printer.print(statement)
            if command.name.text == "restore" {
                // What it finds may only come to be in the cell, by its own `train` and `save`: then there is nothing to name.
                guard case .string(let parts)? = command.arguments.first?.value.kind, case .text(let path)? = parts.first else { continue }
                inputs[text] = try? Experiment.modelIdentity(of: PathText.expanded(path))
                continue
            }
            // Random weights depend on the seed, which the cell's name has in it anyway.
            let identity = try known[text] ?? identity(of: text, command.name.text, start)
            known[text] = identity
            inputs[text] = identity
        }
        return inputs
    }

    /// Carries the statement out in a session of its own, without a word, and looks at what it loaded.
    private func identity(of statement: String, _ command: String, _ start: ExperimentSpecification) throws -> String {
        let output = CapturedOutput()
        let scratch = Session(output: output, runsFolder: session.runsFolder, experiment: Experiment(partsOf: session.experiment))
        scratch.experiment.specification = start
        guard scratch.execute(statement) == .succeeded else {
            throw ExperimentError(.input, "a cell's `\(command)` fails: \(output.errors)")
        }
        let parts = try scratch.experiment.partIdentities()
        return (command == "load" ? parts.weights : parts.data) ?? ""
    }
}
