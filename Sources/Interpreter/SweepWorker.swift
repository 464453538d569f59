internal import Experiments
internal import Foundation
internal import Reporting
internal import Sweeps
internal import VPSAnalysis

/// The part of a sweep that runs in a process of its own: takes cells from standard input and says on standard output
/// what becomes of them.
public struct SweepWorker {
    private let folder: SweepFolder
    private let threads: Int
    private let shouldStop: () -> Bool
    /// Whether somebody reads standard output.
    private let isHeard: Bool

    /// - Parameters:
    ///   - folder: of the sweep.
    ///   - shouldStop: read at safe points; true ends the cell at hand, kept as far as it is.
    ///   - isHeard: whether what becomes of cells is said on standard output
    public init(folder: String, threads: Int, isHeard: Bool = true, shouldStop: @escaping () -> Bool) {
        self.isHeard = isHeard
        self.folder = SweepFolder(path: folder)
        self.threads = threads
        self.shouldStop = shouldStop
    }

    public func run() -> ExitCode {
        do {
            let manifest = try folder.manifest()
            var parts = Experiment()
            while !shouldStop(), let line = readLine() {
                let order = try JSONFile.decode(WorkerOrder.self, from: Array(line.utf8), name: "an order")
                parts = try run(order.cell, epochs: order.epochs, of: manifest, parts: parts)
            }
            return .success
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            return .failed
        }
    }

    /// Runs one cell, without anybody who listens.
    /// - Parameter hash: of the cell
    public func run(cell hash: String) -> ExitCode {
        do {
            let manifest = try folder.manifest()
            guard let cell = manifest.cells.first(where: { $0.hash == hash }) else {
                throw ExperimentError(.input, "\(folder.path) has no cell \(hash)")
            }
            if folder.result(of: hash)?.status == .done { return .success }
            _ = try run(cell, epochs: nil, of: manifest, parts: Experiment())
            guard let result = folder.result(of: hash) else { return .interrupted }
            if let message = result.message { FileHandle.standardError.write(Data("\(message)\n".utf8)) }
            return result.status == .done ? .success : .failed
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            return .failed
        }
    }

    private func say(_ message: WorkerMessage) {
        guard isHeard else { return }
        guard let line = try? JSONFile.encode(message) else { return }
        // Whoever started the worker may be gone; then nobody listens, and the results are on disk all the same.
        try? FileHandle.standardOutput.write(contentsOf: Data(line + [UInt8(ascii: "\n")]))
    }

    /// - Parameter parts: what cells before it have loaded.
    private func run(_ cell: SweepCell, epochs: Int?, of manifest: SweepManifest, parts: Experiment) throws -> Experiment {
        let began = Date()
        try folder.makeCellFolder(cell.hash)
        let place = folder.cellPath(cell.hash)
        try folder.write(cell.script, to: place + "/cell.vps")
        let output = try FileOutput(path: place + "/output.txt")
        let context = CellContext(lastEpoch: epochs, tell: say)
        let session = Session(output: output, runsFolder: place + "/runs", experiment: Experiment(partsOf: parts), shouldStop: shouldStop)
        session.cell = context
        var outcome = Session.Outcome.failed
        do {
            try session.begin(as: cell, of: manifest, model: folder.modelPath, threads: threads)
            outcome = session.execute(cell.script, name: "cell.vps")
        } catch {
            output.writeError("error: \(error)\n")
        }
        guard outcome != .interrupted else {
            say(.stopped)
            return session.experiment
        }
        let seconds = -began.timeIntervalSinceNow
        let result = outcome == .succeeded
            ? CellResult(status: .done, figures: context.figures, seconds: seconds, isWhole: context.isWhole)
            : CellResult(status: .failed, figures: context.figures, seconds: seconds, message: output.errors.trimmingCharacters(in: .whitespacesAndNewlines))
        try folder.write(result, of: cell.hash, epochs: epochs)
        say(.finished(result))
        return session.experiment
    }
}

extension Session {
    /// Puts the session where the sweep began, with the cell's seed.
    fileprivate func begin(as cell: SweepCell, of manifest: SweepManifest, model: String, threads: Int) throws {
        experiment.specification = manifest.specification
        experiment.specification.threads = threads
        experiment.specification.seed = cell.seed
        try readFacts()
        if manifest.hasModel {
            try experiment.start(withModel: model)
            state.facts.insert(.trained)
        }
    }
}

/// Writes what a cell prints to a file, and keeps what is wrong.
private final class FileOutput: OutputSink {
    private let file: FileHandle
    private(set) var errors = ""

    init(path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path) else {
            throw ExperimentError(.running, "\(path) cannot be written")
        }
        self.file = file
    }

    deinit { try? file.close() }

    func write(_ text: String) { try? file.write(contentsOf: Data(text.utf8)) }

    func writeError(_ text: String) {
        errors += text
        write(text)
    }

    var progress: Terminal? { nil }
    var terminal: Terminal? { nil }
}
