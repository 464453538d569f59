internal import Foundation
internal import TensorFiles

/// The checkpoints of a run: `checkpoint.safetensors` is the newest; `checkpoint-E-S.safetensors` are those before it,
/// named after the epochs and steps that lay behind them. Where class prompts are on disk, `checkpoint-E-S.bank` has
/// what a later checkpoint no longer knows of them.
extension RunFolder {
    /// The newest checkpoint that is whole, and what was wrong with those after it.
    struct FoundCheckpoint {
        let checkpoint: Checkpoint
        let path: String
        /// One line for each newer one; empty when the newest is whole.
        let damage: [String]
        fileprivate let damaged: [String]
    }

    private static let prefix = "checkpoint-"
    private static let suffix = ".safetensors"
    private static let bankSuffix = ".bank"

    func earlierCheckpointPath(at position: TrainingPosition) -> String { "\(path)/\(Self.prefix)\(position.epoch)-\(position.step)\(Self.suffix)" }
    private func oldRowsPath(at position: TrainingPosition) -> String { "\(path)/\(Self.prefix)\(position.epoch)-\(position.step)\(Self.bankSuffix)" }

    /// Of the earlier checkpoints, newest first.
    func earlierPositions() -> [TrainingPosition] { positions(of: Self.suffix) }

    private func positions(of suffix: String) -> [TrainingPosition] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.compactMap { name in
            guard name.hasPrefix(Self.prefix), name.hasSuffix(suffix) else { return nil }
            let numbers = name.dropFirst(Self.prefix.count).dropLast(suffix.count).split(separator: "-", omittingEmptySubsequences: false)
            guard numbers.count == 2, let epoch = Int(numbers[0]), let step = Int(numbers[1]), epoch >= 0, step >= 0 else { return nil }
            return TrainingPosition(epoch: epoch, step: step)
        }.sorted(by: >)
    }

    // MARK: Reading

    /// - Returns: nil for a run that has not come to its first checkpoint.
    /// - Throws: ``ExperimentError`` when there are checkpoints, but none is whole.
    func newestCheckpoint() throws -> FoundCheckpoint? {
        let earlier = earlierPositions().map { earlierCheckpointPath(at: $0) }
        let isThere = FileManager.default.fileExists(atPath: checkpointPath)
        guard isThere || !earlier.isEmpty else { return nil }
        var (damage, damaged): ([String], [String]) = ([], [])
        for path in [checkpointPath] + earlier {
            if path == checkpointPath, !isThere {
                damage.append("there is no \(path)")
                continue
            }
            do {
                return FoundCheckpoint(checkpoint: try Checkpoint(path: path), path: path, damage: damage, damaged: damaged)
            } catch {
                damage.append((error as? ExperimentError)?.message ?? describe(error))
                damaged.append(path)
            }
        }
        throw ExperimentError(
            .input, "\(path) has no checkpoint that can be read: \(damage.joined(separator: "; "))",
            help: ["train it anew with the script that it keeps: \(path)/resolved.vps"])
    }

    /// Makes the newest whole checkpoint the run's own: the damaged ones get `.damaged` behind their names.
    /// - Parameter lock: of this folder.
    func mend(_ found: FoundCheckpoint, _ lock: RunLock) throws {
        guard found.path != checkpointPath else { return }
        for path in found.damaged { rename(path, path + ".damaged") }
        guard link(found.path, checkpointPath) == 0 || rename(found.path, checkpointPath) == 0 else {
            throw ExperimentError(.running, "\(checkpointPath) cannot be put back: \(String(cString: strerror(errno)))")
        }
        AtomicFile.syncFolder(of: checkpointPath)
    }

    /// The run's figures; where their file is damaged it gets `.damaged` behind its name, and the evaluations on the way
    /// are taken from the log.
    /// - Parameter lock: of this folder.
    func mendedMetrics(_ lock: RunLock) -> RunMetrics {
        if let metrics = try? metrics() { return metrics }
        rename(metricsPath, metricsPath + ".damaged")
        var metrics = RunMetrics()
        metrics.evaluations = EventLog.evaluations(path: eventsPath)
        return metrics
    }

    /// Gives a bank back the rows that the run's checkpoint needs and a later one had let go.
    func restoreRows(of bank: ClassPromptBank, at position: TrainingPosition) throws {
        for later in positions(of: Self.bankSuffix) where later >= position { try bank.takeBack(from: oldRowsPath(at: later)) }
    }

    // MARK: Writing

    /// Writes the newest checkpoint; the one before it stays under its own name while it is among the `count` newest. At
    /// any moment there is a whole checkpoint, whenever the process ends.
    /// - Parameters:
    ///   - before: where the checkpoint stands that is replaced; nil for the first.
    ///   - bank: synced; its old rows are still there.
    func write(_ checkpoint: Checkpoint, keeping count: Int, before: TrainingPosition?, bank: ClassPromptBank?) throws {
        if let before, count > 1 {
            try bank?.keepOldRows(in: oldRowsPath(at: before))
            let earlier = earlierCheckpointPath(at: before)
            // Where there are no hard links the name moves, and the reader finds it there until the new one is written.
            if link(checkpointPath, earlier) != 0, errno != EEXIST { rename(checkpointPath, earlier) }
        }
        try checkpoint.write(to: checkpointPath)
        let kept = Set(earlierPositions().prefix(count - 1).map { earlierCheckpointPath(at: $0) })
        for position in earlierPositions() where !kept.contains(earlierCheckpointPath(at: position)) { unlink(earlierCheckpointPath(at: position)) }
        for position in positions(of: Self.bankSuffix) where !kept.contains(earlierCheckpointPath(at: position)) { unlink(oldRowsPath(at: position)) }
    }

    /// Removes what a process left that was killed while it wrote.
    /// - Parameter lock: of this folder.
    func removeUnfinished(_ lock: RunLock) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        where name.hasPrefix(".") && name.hasSuffix(".tmp") && !name.hasPrefix("." + Self.tagsName) {
            unlink(path + "/" + name)
        }
    }
}
