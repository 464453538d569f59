internal import Experiments
internal import Foundation
import Reporting
internal import Sweeps

/// A sweep in its folder, looked at from outside: `vptsp sweep status` and `vptsp sweep collect`.
public struct KeptSweep {
    private let folder: SweepFolder

    /// - Parameter name: path of the folder, or its name under `runs/sweeps/`
    /// - Throws: ``ExperimentError`` where there is none.
    public init(_ name: String, runs: String = "runs") throws {
        let candidates = [name, "\(runs)/sweeps/\(name)"]
        guard let path = candidates.first(where: { FileManager.default.fileExists(atPath: $0 + "/manifest.json") }) else {
            throw ExperimentError(.input, "\(name) is not the folder of a sweep: it has no manifest.json", help: ["`vptsp sweep status` lists those under \(runs)/sweeps/"])
        }
        folder = SweepFolder(path: path)
    }

    private init(_ folder: SweepFolder) { self.folder = folder }

    /// Those under `runs`, by name.
    public static func all(runs: String = "runs") -> [KeptSweep] { SweepFolder.kept(in: runs).map { KeptSweep($0) } }

    /// Where its cells stand, as JSON.
    public static func json(_ sweeps: [KeptSweep]) throws -> String {
        String(decoding: try JSONFile.encode(sweeps.map { try SweepProgress($0.folder) }, pretty: true), as: UTF8.self) + "\n"
    }

    /// Where its cells stand, in words.
    /// - Parameter isWhole: with a line for each cell that is not done
    public func status(isWhole: Bool) throws -> String {
        let progress = try SweepProgress(folder)
        let counts = SweepProgress.State.allCases.filter { progress.count($0) > 0 }.map { "\(progress.count($0)) \($0.rawValue)" }
        var lines = ["\(progress.path)  \(progress.cells.count) \(progress.cells.count == 1 ? "cell" : "cells"): \(counts.joined(separator: ", "))"]
        for cell in progress.cells where isWhole && cell.state != .done {
            lines.append("  \(cell.name)  \(cell.state.rawValue)" + (cell.task.map { "  job \($0)" } ?? ""))
            lines += (cell.message ?? "").split(separator: "\n").map { "    \($0)" }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// Puts the results that are there together: both tables in the sweep's folder.
    /// - Returns: the table of combinations, and how many cells it lacks.
    public func collect() throws -> (table: String, missing: Int, failed: Int) {
        let manifest = try folder.manifest()
        let results = manifest.cells.compactMap { cell in folder.result(of: cell.hash).map { (cell: cell, result: $0) } }
        guard !results.isEmpty else {
            throw ExperimentError(.state, "no cell of \(folder.path) is over", help: ["`vptsp sweep status \(folder.path)` tells how they stand"])
        }
        let table = SweepTable(SweepSummary(results, rank: manifest.rank))
        try table.write(results, to: folder)
        return (table.text(isUnicode: Terminal.standardOutput.isUnicode), manifest.cells.count - results.count, results.count { $0.result.status == .failed })
    }

    public var path: String { folder.path }
}
