internal import Experiments
internal import Foundation

/// `slurm.json` in a sweep's folder: what was submitted for it.
struct SlurmRecord: Codable, Equatable {
    /// One array of jobs.
    struct Submission: Codable, Equatable {
        /// Slurm's number of it.
        var job: String
        /// Hashes of the cells, by the number of the task.
        var cells: [String]
        /// ISO 8601, UTC.
        var submitted: String
    }

    var version = 1
    /// In order; of a cell the last one counts.
    var submissions: [Submission] = []

    /// The task that runs a cell, if one was submitted for it.
    func task(of hash: String) -> (job: String, number: Int)? {
        for submission in submissions.reversed() {
            if let number = submission.cells.firstIndex(of: hash) { return (submission.job, number) }
        }
        return nil
    }
}

extension SweepFolder {
    private var recordPath: String { path + "/slurm.json" }

    /// Folder of job scripts and of what jobs say.
    var slurmPath: String { path + "/slurm" }

    /// What a task has said.
    func log(of task: (job: String, number: Int)) -> String { "\(slurmPath)/\(task.job)_\(task.number).log" }

    /// Empty for a sweep of which nothing was submitted.
    func slurmRecord() throws -> SlurmRecord {
        guard let data = FileManager.default.contents(atPath: recordPath) else { return SlurmRecord() }
        return try JSONFile.decode(SlurmRecord.self, from: Array(data), name: recordPath)
    }

    func write(_ record: SlurmRecord) throws {
        try write(String(decoding: JSONFile.encode(record, pretty: true), as: UTF8.self) + "\n", to: recordPath)
    }
}
