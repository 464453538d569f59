import Foundation
import TensorFiles

/// MLflow's file store: `<root>/<experiment>/<run>/{meta.yaml, params/, metrics/, tags/, artifacts/}`.
public struct MLflowFolder: MLflowStore {
    private let root: String

    public init(root: String) { self.root = URL(fileURLWithPath: root).path }

    public func begin(_ run: MLflowRun) throws -> String {
        try writing {
            let experiment = try self.experiment(named: run.experiment, time: run.time)
            let folder = "\(root)/\(experiment)/\(run.key)"
            for name in ["params", "metrics", "tags", "artifacts"] { try makeFolder("\(folder)/\(name)") }
            for entry in run.parameters { try write(entry.value, to: "\(folder)/params/\(entry.key)") }
            let tags = [MLflowRun.Entry("mlflow.runName", run.name), MLflowRun.Entry("mlflow.user", NSUserName())] + run.tags
            for entry in tags { try write(entry.value, to: "\(folder)/tags/\(entry.key)") }
            for entry in run.files { try write(entry.value, to: "\(folder)/artifacts/\(entry.key)") }
            try write(description(run.key, experiment, run), to: "\(folder)/meta.yaml")
            return run.key
        }
    }

    public func update(_ id: String, experiment: String, status: MLflowStatus, time: Int) throws {
        try writing {
            let path = try "\(folder(of: id, experiment: experiment))/meta.yaml"
            let text = try String(contentsOfFile: path, encoding: .utf8)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
                if line.hasPrefix("status:") { return "status: \(status.number)" }
                return line.hasPrefix("end_time:") ? "end_time: \(status == .running ? "null" : String(time))" : String(line)
            }
            try write(lines.joined(separator: "\n"), to: path)
        }
    }

    public func log(_ metrics: [MLflowMetric], run id: String, experiment: String) throws {
        try writing {
            let folder = try self.folder(of: id, experiment: experiment) + "/metrics"
            for (key, values) in Dictionary(grouping: metrics, by: \.key) {
                let path = "\(folder)/\(key)"
                try makeFolder((path as NSString).deletingLastPathComponent)
                if !FileManager.default.fileExists(atPath: path) { try Data().write(to: URL(fileURLWithPath: path)) }
                let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
                defer { try? file.close() }
                try file.seekToEnd()
                let lines = values.map { "\($0.timestamp) \($0.value) \($0.step)\n" }.joined()
                try file.write(contentsOf: Data(lines.utf8))
            }
        }
    }

    // MARK: Experiments

    private func folder(of id: String, experiment: String) throws -> String {
        guard let number = try find(experiment) else { throw MLflowError("\(root) has no experiment `\(experiment)` any more", mayPass: false) }
        return "\(root)/\(number)/\(id)"
    }

    private func experiment(named name: String, time: Int) throws -> String {
        let isNew = !FileManager.default.fileExists(atPath: root)
        try makeFolder(root + "/.trash")
        // MLflow makes an experiment of this name only in a folder that is not there yet.
        if isNew, name != "Default" { try makeExperiment("0", named: "Default", time: time) }
        if let found = try find(name) { return found }
        let number = String(UInt64.random(in: 100_000_000_000_000_000...999_999_999_999_999_999))
        try makeExperiment(number, named: name, time: time)
        return number
    }

    private func makeExperiment(_ number: String, named name: String, time: Int) throws {
        try makeFolder("\(root)/\(number)")
        try write(
            """
            artifact_location: \(quoted(URL(fileURLWithPath: "\(root)/\(number)").absoluteString))
            creation_time: \(time)
            experiment_id: '\(number)'
            last_update_time: \(time)
            lifecycle_stage: active
            name: \(quoted(name))

            """, to: "\(root)/\(number)/meta.yaml")
    }

    private func find(_ name: String) throws -> String? {
        guard FileManager.default.fileExists(atPath: root) else { return nil }
        let names = [name, "'" + name.replacingOccurrences(of: "'", with: "''") + "'", quoted(name)]
        return try FileManager.default.contentsOfDirectory(atPath: root).sorted().first { number in
            guard let text = try? String(contentsOfFile: "\(root)/\(number)/meta.yaml", encoding: .utf8) else { return false }
            let lines = text.split(separator: "\n").map(String.init)
            return lines.contains { line in names.contains { line == "name: " + $0 } } && lines.contains("lifecycle_stage: active")
        }
    }

    private func description(_ id: String, _ experiment: String, _ run: MLflowRun) -> String {
        """
        artifact_uri: \(quoted(URL(fileURLWithPath: "\(root)/\(experiment)/\(id)/artifacts").absoluteString))
        end_time: null
        entry_point_name: ''
        experiment_id: '\(experiment)'
        lifecycle_stage: active
        run_id: \(quoted(id))
        run_name: \(quoted(run.name))
        source_name: ''
        source_type: 4
        source_version: ''
        start_time: \(run.time)
        status: \(MLflowStatus.running.number)
        tags: []
        user_id: \(quoted(NSUserName()))

        """
    }

    // MARK: Files

    /// YAML takes JSON's strings.
    private func quoted(_ text: String) -> String { quotedJSON(text) }

    private func makeFolder(_ path: String) throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    private func write(_ text: String, to path: String) throws { try AtomicFile.write(Array(text.utf8), to: path) }

    private func writing<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as MLflowError {
            throw error
        } catch let error as TensorFileError {
            throw MLflowError("\(error)", mayPass: true)
        } catch {
            throw MLflowError("\(root): \(error.localizedDescription)", mayPass: true)
        }
    }
}
