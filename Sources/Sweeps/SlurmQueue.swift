internal import Experiments
internal import Foundation

/// Slurm, through its commands.
struct SlurmQueue {
    /// Where a task of an array stands, in Slurm's words: `PENDING`, `RUNNING`, `COMPLETING`, …
    typealias States = [Int: String]

    /// - Throws: ``ExperimentError`` where Slurm's commands are not on the PATH.
    init() throws {
        guard Self.path(of: "sbatch") != nil, Self.path(of: "squeue") != nil else {
            throw ExperimentError(
                .state, "there is no Slurm here: sbatch and squeue are not on the PATH",
                help: ["log in to a machine that submits jobs", "on=local runs the cells on this machine"])
        }
    }

    private static func path(of command: String) -> String? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":").map { "\($0)/\(command)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// - Returns: number of the job.
    /// - Throws: ``ExperimentError`` with what Slurm says against it.
    func submit(script: String, in folder: String) throws -> String {
        let result = try run("sbatch", ["--parsable", script], in: folder)
        guard result.status == 0, let job = result.output.split(separator: "\n").last?.split(separator: ";").first.map(String.init), Int(job) != nil else {
            throw ExperimentError(
                .running, "Slurm does not take the job: \(result.errors.isEmpty ? result.output : result.errors)",
                help: ["partition=, time=, memory= and cpus= say what the cells ask for; `sinfo` lists what there is"])
        }
        return job
    }

    /// The tasks of a job that wait or run; none once Slurm has forgotten it. Nil when Slurm does not answer.
    func states(of job: String) -> States? {
        guard let result = try? run("squeue", ["--noheader", "--array", "--job", job, "--format", "%K %T"], in: "/") else { return nil }
        if result.status != 0 { return result.errors.contains("Invalid job id") ? [:] : nil }
        var states: States = [:]
        for line in result.output.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, let task = Int(words[0]) { states[task] = String(words[1]) }
        }
        return states
    }

    private func run(_ command: String, _ arguments: [String], in folder: String) throws -> (status: Int32, output: String, errors: String) {
        guard let path = Self.path(of: command) else { throw ExperimentError(.running, "\(command) is not on the PATH any more") }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardInput = FileHandle.nullDevice
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        do { try process.run() } catch { throw ExperimentError(.running, "\(path) cannot be started: \(describe(error))") }
        // What Slurm says against something is a line or two: less than a pipe holds.
        let text = output.fileHandleForReading.readDataToEndOfFile()
        let wrong = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let trimmed = { (data: Data) in String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines) }
        return (process.terminationStatus, trimmed(text), trimmed(wrong))
    }
}
