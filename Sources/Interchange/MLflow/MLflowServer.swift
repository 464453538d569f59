import Foundation
import TensorFiles

/// A tracking server, by its REST API 2.0.
public struct MLflowServer: MLflowStore {
    private let url: String
    /// Seconds for one answer.
    private let timeout: Int

    /// - Parameter url: `http://127.0.0.1:5000`
    public init(url: String, timeout: Int = 10) {
        self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
        self.timeout = timeout
    }

    public func begin(_ run: MLflowRun) throws -> String {
        struct Begin: Encodable {
            var experiment_id, run_name: String
            var start_time: Int
            var tags: [MLflowRun.Entry]
        }
        struct Begun: Decodable { var run: Run }
        let tags = [MLflowRun.Entry("mlflow.user", NSUserName()), MLflowRun.Entry(Self.keyTag, run.key)] + run.tags.map { .init($0.key, String($0.value.prefix(5000))) }
        let experiment = try self.experiment(named: run.experiment)
        let begin = Begin(experiment_id: experiment, run_name: run.name, start_time: run.time, tags: tags)
        let info = try find(run.key, in: experiment)?.info ?? post("runs/create", begin, as: Begun.self).run.info
        struct Parameters: Encodable { var run_id: String; var params: [MLflowRun.Entry] }
        for start in stride(from: 0, to: run.parameters.count, by: 100) {
            let some = run.parameters[start..<min(start + 100, run.parameters.count)].map { MLflowRun.Entry($0.key, String($0.value.prefix(500))) }
            _ = try post("runs/log-batch", Parameters(run_id: info.run_id, params: some), as: Nothing.self)
        }
        try upload(run.files, to: info.artifact_uri)
        return info.run_id
    }

    public func update(_ id: String, experiment: String, status: MLflowStatus, time: Int) throws {
        struct Update: Encodable { var run_id: String; var status: MLflowStatus; var end_time: Int? }
        _ = try post("runs/update", Update(run_id: id, status: status, end_time: status == .running ? nil : time), as: Nothing.self)
    }

    public func log(_ metrics: [MLflowMetric], run id: String, experiment: String) throws {
        struct Batch: Encodable { var run_id: String; var metrics: [MLflowMetric] }
        _ = try post("runs/log-batch", Batch(run_id: id, metrics: metrics), as: Nothing.self)
    }

    // MARK: Requests

    private static let keyTag = "vptsp_key"

    private struct Run: Decodable {
        struct Info: Decodable { var run_id: String; var artifact_uri: String? }
        var info: Info
    }

    /// A run that an attempt made whose answer did not arrive.
    private func find(_ key: String, in experiment: String) throws -> Run? {
        struct Search: Encodable { var experiment_ids: [String]; var filter: String; var max_results: Int }
        struct Found: Decodable { var runs: [Run]? }
        let search = Search(experiment_ids: [experiment], filter: "tags.\(Self.keyTag) = '\(key)'", max_results: 1)
        return try post("runs/search", search, as: Found.self).runs?.first
    }

    private struct Nothing: Decodable {}
    private struct Refusal: Decodable { var error_code, message: String? }

    private func experiment(named name: String) throws -> String {
        struct Found: Decodable {
            struct Experiment: Decodable { var experiment_id: String; var lifecycle_stage: String? }
            var experiment: Experiment
        }
        struct Made: Decodable { var experiment_id: String }
        let query = name.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let answer = try send("GET", "api/2.0/mlflow/experiments/get-by-name?experiment_name=\(query)", nil)
        if answer.status == 404, refusal(answer).error_code == "RESOURCE_DOES_NOT_EXIST" {
            return try post("experiments/create", ["name": name], as: Made.self).experiment_id
        }
        let found = try decoded(Found.self, answer, "experiments/get-by-name").experiment
        guard found.lifecycle_stage != "deleted" else {
            throw MLflowError("\(url): the experiment `\(name)` was deleted there; restore it, or take another experiment=", mayPass: false)
        }
        return found.experiment_id
    }

    /// Files go through the server where it offers that; where clients write to the store themselves, they stay out.
    private func upload(_ files: [MLflowRun.Entry], to place: String?) throws {
        let scheme = "mlflow-artifacts:/"
        guard let place, place.hasPrefix(scheme) else { return }
        let path = place.dropFirst(scheme.count).drop { $0 == "/" }
        for file in files {
            let answer = try send("PUT", "api/2.0/mlflow-artifacts/artifacts/\(path)/\(file.key)", Array(file.value.utf8), type: "text/plain")
            _ = try decoded(Nothing.self, answer, file.key)
        }
    }

    private func post<Answer: Decodable>(_ name: String, _ body: some Encodable, as type: Answer.Type) throws -> Answer {
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        return try decoded(type, try send("POST", "api/2.0/mlflow/" + name, Array(try encoder.encode(body))), name)
    }

    private func send(_ method: String, _ path: String, _ body: [UInt8]?, type: String = "application/json") throws -> HTTPMessage.Answer {
        do {
            return try HTTPMessage.send(method, url: "\(url)/\(path)", body: body ?? [], type: type, timeout: timeout)
        } catch let error as TransferError {
            throw MLflowError("\(url) does not answer: \(error.message)", mayPass: error.kind != .badAddress)
        }
    }

    private func refusal(_ answer: HTTPMessage.Answer) -> Refusal {
        (try? JSONDecoder().decode(Refusal.self, from: Data(answer.body))) ?? Refusal()
    }

    private func decoded<Answer: Decodable>(_ type: Answer.Type, _ answer: HTTPMessage.Answer, _ name: String) throws -> Answer {
        guard (200..<300).contains(answer.status) else {
            let why = refusal(answer).message ?? refusal(answer).error_code ?? ""
            // 408, 429 and the server's own faults pass; what it says of the request does not.
            throw MLflowError(
                "\(url) answered \(answer.status) to \(name)\(why.isEmpty ? "" : ": " + String(why.prefix(300)).printable)", mayPass: answer.status >= 500 || [408, 429].contains(answer.status))
        }
        do {
            return try JSONDecoder().decode(type, from: Data(answer.body.isEmpty ? Array("{}".utf8) : answer.body))
        } catch {
            throw MLflowError("\(url) answered to \(name) in another form than MLflow's: is it an MLflow server?", mayPass: false)
        }
    }
}
