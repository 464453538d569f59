internal import Diagnostics
internal import Experiments
internal import Reporting
internal import Sweeps
internal import VPSAnalysis
internal import VPSSyntax

/// One sweep from its cells to its table. Everything is checked and frozen before the first cell runs.
final class SweepRun {
    private let space: SweepSpace
    private let options: SweepOptions
    private let session: Session
    /// Whether the statements are a whole script, whose `param`s the axes set.
    private let isScript: Bool
    private let maker: CellMaker
    private let combinations: [SweepSpace.Setting]
    private var cells: [SweepCell] = []

    /// Expands and checks every combination.
    init(_ space: SweepSpace, _ options: SweepOptions, in session: Session, isScript: Bool = false) throws {
        self.space = space
        self.options = options
        self.session = session
        self.isScript = isScript
        maker = try CellMaker(space.body, options, in: session)
        combinations = try Self.combinations(space, options)
        try check()
    }

    /// - Throws: when cells cannot be made, before anything runs; ``Interrupted``; when every cell failed.
    func run() throws -> SweepTable {
        let trials = if case .tpe(let trials) = options.method { trials } else { combinations.count }
        guard trials * options.seedCount <= SweepSpace.mostCells else {
            throw ExperimentError(
                .specification, "\(trials) combinations with \(options.seedCount) seeds are more than \(SweepSpace.mostCells) cells")
        }
        let folder = try SweepFolder.create(in: session.runsFolder, name: options.name, start: maker.startHash())
        let lock = try SweepLock(folder)
        defer { withExtendedLifetime(lock) {} }
        let hasModel = session.experiment.hasTrainedModel
        if hasModel {
            try session.experiment.save(to: folder.modelPath)
            maker.model = try Experiment.modelIdentity(of: folder.modelPath)
        }
        if case .tpe = options.method {} else {
            for (number, setting) in combinations.enumerated() { cells += try maker.cells(number, setting) }
        }
        var manifest = try SweepManifest(
            name: options.name, specification: maker.start, hasModel: hasModel, statements: Printer.print(Script(statements: space.body)), cells: cells)
        manifest.rank = options.rank
        try folder.write(manifest)
        let source = try source { cells in
            self.cells += cells
            manifest.cells = self.cells
            try folder.write(manifest)
        }
        return try execute(source, combinations: trials, in: folder)
    }

    // MARK: Before it runs

    /// Every combination of a grid, every trial of a random search; what stands for all of them where they depend on results.
    private static func combinations(_ space: SweepSpace, _ options: SweepOptions) throws -> [SweepSpace.Setting] {
        let values = SweepValues(space)
        let settings: [SweepSpace.Setting]?
        switch options.method {
        case .grid: settings = try space.grid(at: SourceSpan(file: 0, lower: 0, upper: 0))
        case .random(let trials):
            settings = values.dimensions.map { dimensions in
                let search = RandomSearch(dimensions, seed: options.base)
                return (0..<trials).map { values.setting(search.point($0)) }
            }
        case .tpe: settings = space.samples
        }
        guard let settings else { throw ExperimentError(.specification, "the sweep's values are not known") }
        return settings
    }

    /// Each combination through the analysis, from where the session stands.
    private func check() throws {
        let path = space.body.first.flatMap { session.sources[$0.span.file]?.name } ?? ""
        for setting in combinations {
            var scope = session.scope
            var parameters = session.parameters
            for (name, value) in setting {
                if isScript {
                    let nowhere = SourceSpan(file: 0, lower: 0, upper: 0)
                    if let assignment = ParameterAssignment(name: name, value: value, span: nowhere) { parameters.append(assignment) }
                } else {
                    scope.set(name, to: value)
                }
            }
            var found = Analyzer.checkCell(
                Script(statements: space.body), path: path, files: session.files, sources: &session.sources, scope: scope, state: session.state,
                parameters: isScript ? parameters : [])
            guard found.contains(where: { $0.severity == .error }) else { continue }
            let values = setting.map { "\($0.name)=\($0.value.literal)" }.joined(separator: " ")
            for index in found.indices where !values.isEmpty { found[index].help.append("in the cell \(values)") }
            throw Failure(found)
        }
    }

    /// - Parameter add: takes cells that are chosen while the sweep runs.
    private func source(add: @escaping ([SweepCell]) throws -> Void) throws -> any CellSource {
        if case .tpe(let trials) = options.method {
            let values = SweepValues(space)
            let search = TreeParzenSearch(values.dimensions ?? [], seed: options.base)
            return SearchedCells(search, count: trials, loss: options.loss) { [maker] number, point in
                let cells = try maker.cells(number, values.setting(point))
                try add(cells)
                return cells
            }
        }
        guard let pruning = options.pruning else { return ListedCells(cells) }
        return SuccessiveHalving(cells, first: pruning.rung, factor: pruning.factor, loss: options.loss)
    }

    // MARK: Running

    private func execute(_ source: any CellSource, combinations: Int, in folder: SweepFolder) throws -> SweepTable {
        let wanted = combinations * options.seedCount
        if let slurm = options.slurm { return try submit(slurm, combinations: combinations, wanted: wanted, in: folder) }
        let jobs = min(options.jobs, max(wanted, 1))
        let display = SweepDisplay(
            combinations: combinations, seeds: options.seedCount, twins: cells.count - Set(cells.map(\.hash)).count, folder: folder, jobs: jobs,
            rank: options.rank, session: session)
        defer { display.clear() }
        let scheduler = SweepScheduler(
            folder: folder, program: try WorkerProgram.path(), jobs: jobs, threads: max(1, session.experiment.threads / jobs),
            stopsAtFailure: options.stopsAtFailure)
        display.begin()
        let outcome = try scheduler.run(source, observer: display.receive, shouldStop: session.shouldStop)
        display.end()
        return try tabulate(display, wanted: wanted, outcome, in: folder)
    }

    /// The cells as jobs of a cluster.
    private func submit(_ slurm: SlurmOptions, combinations: Int, wanted: Int, in folder: SweepFolder) throws -> SweepTable {
        let display = SweepDisplay(
            combinations: combinations, seeds: options.seedCount, twins: cells.count - Set(cells.map(\.hash)).count, folder: folder, jobs: nil,
            rank: options.rank, session: session)
        defer { display.clear() }
        var seen: Set<String> = []
        let distinct = cells.filter { seen.insert($0.hash).inserted }
        let sweep = try SlurmSweep(folder: folder, program: WorkerProgram.realPath(), options: slurm)
        display.begin()
        let open = distinct.filter { cell in
            guard let old = folder.result(of: cell.hash), old.status == .done else { return true }
            display.receive(.finished(cell, old, isOld: true))
            return false
        }
        display.end()
        let submission = try sweep.submit(open, name: options.name)
        if let job = submission.job { session.say("job \(job): \(submission.submitted) \(submission.submitted == 1 ? "cell" : "cells") submitted") }
        if submission.queued > 0 { session.say("\(submission.queued) \(submission.queued == 1 ? "cell is" : "cells are") in the queue already") }
        guard options.waits || open.isEmpty else {
            session.say("`vptsp sweep status \(folder.path)` tells how they stand, `vptsp sweep collect \(folder.path)` writes the table")
            return SweepTable(SweepSummary(results(display), rank: options.rank))
        }
        if case .detached = try sweep.wait(for: open, observer: display.receive, shouldStop: session.shouldStop) {
            display.clear()
            session.say("the jobs go on without this program; `vptsp sweep status \(folder.path)` tells how they stand, and the same sweep again waits for them")
            throw Interrupted()
        }
        display.end()
        return try tabulate(display, wanted: wanted, .complete, in: folder)
    }

    private func results(_ display: SweepDisplay) -> [(cell: SweepCell, result: CellResult)] {
        cells.compactMap { cell in display.results[cell.hash].map { (cell: cell, result: $0) } }
    }

    private func tabulate(_ display: SweepDisplay, wanted: Int, _ outcome: SweepScheduler.Outcome, in folder: SweepFolder) throws -> SweepTable {
        let results = results(display)
        let table = SweepTable(SweepSummary(results, rank: options.rank))
        if !results.isEmpty {
            try table.write(results, to: folder)
            session.output.write(table.text(isUnicode: Terminal.standardOutput.isUnicode))
        }
        let failed = results.filter { $0.result.status == .failed }
        let pruned = results.count { !$0.result.isWhole }
        session.say(
            "\(results.count - failed.count) of \(wanted) cells done\(failed.isEmpty ? "" : ", \(failed.count) failed")"
                + "\(pruned > 0 ? ", \(pruned) of them not trained to their end" : ""); kept in \(folder.path)")
        try judge(outcome, table.summary, results.count, failed, folder)
        return table
    }

    /// What of all this ends the script.
    private func judge(
        _ outcome: SweepScheduler.Outcome, _ summary: SweepSummary, _ count: Int, _ failed: [(cell: SweepCell, result: CellResult)], _ folder: SweepFolder
    ) throws {
        let help = failed.first.map { entry in
            ["what it printed: \(folder.cellPath(entry.cell.hash))/output.txt", "the next run of the sweep tries it again"]
        } ?? []
        switch outcome {
        case .interrupted:
            session.say("stopped; the same sweep goes on with the cells that are missing")
            throw Interrupted()
        case .stopped: throw ExperimentError(.running, "a cell failed, and `stop=first` ends the sweep with it", help: help)
        case .complete:
            if failed.count == count, count > 0 { throw ExperimentError(.running, "every cell failed", help: help) }
        }
        if let rank = options.rank, !summary.figures.contains(rank) {
            throw ExperimentError(
                .specification, "no cell has a figure `\(rank)` to rank by", help: ["there are \(summary.figures.joined(separator: ", "))"])
        }
    }
}
