internal import Experiments
internal import Foundation
internal import Reporting
internal import Sweeps

/// Tells a sweep to the user: a line for each cell that is over, and on a terminal a table of those that run, redrawn.
final class SweepDisplay {
    private static let redrawInterval = 0.2

    /// By hash.
    private(set) var results: [String: CellResult] = [:]

    private struct Running {
        let cell: SweepCell
        let began = Date()
        var done = 0
        var total = 0
        var loss: Double?
    }

    private let combinations, seeds, twins: Int
    private let folder: SweepFolder
    /// Nil where a cluster decides how many run.
    private let jobs: Int?
    private let rank: String?
    private let session: Session
    private let terminal: Terminal?
    /// Cells that differ.
    private let total: Int
    private let began = Date()
    /// Those that are over, in the order in which they came to be so first.
    private var known: [SweepCell] = []
    private var running: [Running] = []
    private var drawn = 0
    private var lastDrawn = Date.distantPast
    /// Hashes of those that were over before.
    private var old: Set<String> = []
    private var failed = 0

    /// - Parameter twins: cells that are the same as others.
    init(combinations: Int, seeds: Int, twins: Int, folder: SweepFolder, jobs: Int?, rank: String?, session: Session) {
        self.combinations = combinations
        self.seeds = seeds
        self.twins = twins
        self.folder = folder
        self.jobs = jobs
        self.rank = rank
        self.session = session
        total = combinations * seeds - twins
        terminal = session.output.progress.flatMap { $0.isCapable ? $0 : nil }
    }

    func begin() {
        session.say(
            "sweep \(folder.path): \(combinations) \(combinations == 1 ? "combination" : "combinations") x \(seeds) \(seeds == 1 ? "seed" : "seeds")"
                + (jobs.map { ", \($0) \($0 == 1 ? "job" : "jobs")" } ?? ", on Slurm")
                + (twins > 0 ? "; \(twins) \(twins == 1 ? "cell is" : "cells are") the same as others and \(twins == 1 ? "runs" : "run") once" : ""))
    }

    func receive(_ event: SweepEvent) {
        switch event {
        case .started(let cell):
            // What was found done comes before what is started.
            sayOld()
            running.append(Running(cell: cell))
        case .progress(let cell, let done, let total, let loss):
            guard let place = running.firstIndex(where: { $0.cell.hash == cell.hash }) else { return }
            (running[place].done, running[place].total, running[place].loss) = (done, total, loss)
        case .finished(let cell, let result, let isOld):
            if results.updateValue(result, forKey: cell.hash) == nil { known.append(cell) }
            if isOld {
                old.insert(cell.hash)
            } else {
                running.removeAll { $0.cell.hash == cell.hash }
                say(cell, result)
            }
        case .tick: draw()
        }
    }

    private var saidOld = false

    /// Nothing runs any more.
    func end() {
        clear()
        sayOld()
    }

    private func sayOld() {
        guard !saidOld, !old.isEmpty else { return }
        saidOld = true
        session.say("\(old.count) \(old.count == 1 ? "cell is" : "cells are") done already")
    }

    private func say(_ cell: SweepCell, _ result: CellResult) {
        clear()
        let width = "\(total)".count
        let number = "\(results.count)"
        let place = "[" + String(repeating: " ", count: max(0, width - number.count)) + "\(number)/\(total)]"
        let name = "\(place) \(Self.title(cell))"
        switch result.status {
        case .done:
            let figures = (rank == "loss" ? ["loss"] : [rank ?? "recall@1", "loss"]).compactMap { figure in
                result.figure(figure).map { "\(figure) \(NumberText.fixed($0, decimals: 4))" }
            }
            let epochs = result.isWhole ? [] : ["after \(result.figure("epochs").map { NumberText.fixed($0, decimals: 0) } ?? "?") epochs"]
            session.say(([name] + epochs + figures + [NumberText.clock(seconds: result.seconds)]).joined(separator: "  "))
        case .failed:
            failed += 1
            session.output.writeError("\(name)  failed: \(result.message ?? "")\n")
        }
    }

    private static func title(_ cell: SweepCell) -> String {
        (cell.values.map { "\($0.name)=\($0.text)" } + ["seed=\(cell.seed)"]).joined(separator: " ")
    }

    // MARK: The table of what runs

    /// Takes the table off the terminal so that other text can be written.
    func clear() {
        guard drawn > 0, let terminal else { return }
        terminal.write("\r" + String(repeating: "\u{1B}[1A\u{1B}[2K", count: drawn))
        drawn = 0
    }

    private func draw() {
        guard let terminal, -lastDrawn.timeIntervalSinceNow >= Self.redrawInterval else { return }
        sayOld()
        clear()
        lastDrawn = Date()
        let width = max(20, terminal.width - 3)
        let lines = running.map { running in
            var parts = ["  " + Self.title(running.cell)]
            if running.total > 0 { parts.append("\(running.done)/\(running.total) steps") }
            if let loss = running.loss { parts.append("loss \(NumberText.fixed(loss, decimals: 4))") }
            parts.append(NumberText.clock(seconds: -running.began.timeIntervalSinceNow))
            return parts.joined(separator: "  ")
        } + [summaryLine]
        terminal.write(lines.map { String($0.prefix(width)) + "\n" }.joined())
        drawn = lines.count
    }

    private var summaryLine: String {
        let new = results.count - old.count
        var parts = ["\(results.count)/\(total) cells"]
        if failed > 0 { parts.append("\(failed) failed") }
        let elapsed = -began.timeIntervalSinceNow
        if new > 0 { parts.append("\(NumberText.clock(seconds: elapsed / Double(new) * Double(total - results.count))) left") }
        let summary = SweepSummary(known.compactMap { cell in results[cell.hash].map { (cell: cell, result: $0) } }, rank: rank)
        if let figure = summary.rankedBy, let best = summary.rows.first(where: { $0.rank == 1 }) {
            let values = best.values.map { "\($0.name)=\($0.text)" }.joined(separator: " ")
            parts.append("best \(figure) \(NumberText.fixed(MeanSpread(best.figures(figure)).mean, decimals: 4)) \(values)")
        }
        return parts.joined(separator: "  ")
    }
}
