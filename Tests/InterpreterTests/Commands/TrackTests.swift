import Foundation
import Interpreter
import PythonPrograms
import TensorFiles
import Testing

/// What `track` tells other programs, read back by them.
@Suite(.serialized) struct TrackTests {
    let place: Workplace

    init() throws {
        place = try Workplace()
        try place.pictures("birds")
    }

    private func ran(_ script: String, in session: Session, _ output: CapturedOutput) {
        #expect(session.execute(script) == .succeeded, "\(output.errors)")
    }

    /// Figures of the run's own record: `epoch:step` to loss, and epochs to Recall@1.
    private func record(_ run: String) throws -> (losses: [Double], recall: [Double]) {
        struct Line: Decodable {
            struct Recall: Decodable { var value: Double }
            var event: String
            var loss: Double?
            var recall: [Recall]?
        }
        let lines = try String(contentsOfFile: "\(run)/events.jsonl", encoding: .utf8).split(separator: "\n").map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
        return (lines.filter { $0.event == "step" }.compactMap(\.loss), lines.compactMap { $0.recall?.first?.value })
    }

    /// What a program prints as JSON.
    private struct Told: Decodable {
        var steps: [Int]
        var losses: [Double]
        var recall: [Double]
        var recallSteps: [Int]
        var text: String
        var status: String?
        var parameter: String?
    }

    private func told(_ code: String, _ arguments: [String]) throws -> Told {
        let printed = try Python.run(code, arguments, in: place.path)
        return try JSONDecoder().decode(Told.self, from: Data((printed.split(separator: "\n").last { $0.hasPrefix("{") }.map(String.init) ?? "").utf8))
    }

    private func expectSame(_ told: Told, as run: String, steps: [Int], epochs: [Int]) throws {
        let own = try record(run)
        #expect(told.steps == steps && told.recallSteps == epochs)
        #expect(own.losses.count == steps.count && zip(told.losses, own.losses).allSatisfy { abs($0 - $1) < 1e-6 * max(1, abs($1)) }, "\(told.losses) \(own.losses)")
        #expect(own.recall.count == epochs.count && zip(told.recall, own.recall).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    // MARK: TensorBoard

    @Test(.enabled(if: Python.has("tensorboard"), Comment(rawValue: Python.lacking("tensorboard"))))
    func tensorBoardReadsARunThatWasTakenUp() throws {
        let (session, output) = place.session()
        ran(place.tiny + "track tensorboard\ntrain epochs=1 batch=4 evaluate=1 name=a -> fit\nrestore $fit.run\ntrain epochs=2 batch=4 evaluate=1\n", in: session, output)
        let told = try told(
            """
            import json, sys
            from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
            events = EventAccumulator(sys.argv[1])
            events.Reload()
            loss, recall = events.Scalars("train/loss"), events.Scalars("test/recall_at_1")
            text = events.Tensors("script.vps")[0].tensor_proto.string_val[0].decode()
            print(json.dumps({"steps": [e.step for e in loss], "losses": [e.value for e in loss], "recall": [e.value for e in recall],
                "recallSteps": [e.step for e in recall], "text": text}))
            """, [place("runs/a")])
        try expectSame(told, as: place("runs/a"), steps: Array(1...8), epochs: [4, 8])
        #expect(told.text.contains("    track tensorboard"))
    }

    /// A run that is taken up from a checkpoint behind its last step counts the steps that it makes again once.
    @Test(.enabled(if: Python.has("tensorboard"), Comment(rawValue: Python.lacking("tensorboard"))))
    func stepsMadeAgainCountOnce() throws {
        let (session, output) = place.session()
        ran(place.tiny + "track tensorboard\ntrain epochs=1 batch=4 name=a\n", in: session, output)
        let checkpoint = try place.bytes("runs/a/checkpoint.safetensors")
        ran("restore \"\(place("runs/a"))\"\ntrain epochs=2 steps=7 batch=4 checkpoint=none\n", in: session, output)
        try checkpoint.write(to: URL(fileURLWithPath: place("runs/a/checkpoint.safetensors")))
        ran("restore \"\(place("runs/a"))\"\ntrain epochs=2 batch=4\n", in: session, output)
        let printed = try Python.run(
            """
            import sys
            from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
            events = EventAccumulator(sys.argv[1])
            events.Reload()
            print([e.step for e in events.Scalars("train/loss")])
            """, [place("runs/a")], in: place.path)
        #expect(printed.contains("[1, 2, 3, 4, 5, 6, 7, 8]"), "\(printed)")
    }

    // MARK: MLflow

    /// Prints what an MLflow store has of its only run in the experiment `birds`.
    private static let reader = """
        import json, os, sys
        os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
        from mlflow.tracking import MlflowClient
        client = MlflowClient(tracking_uri=sys.argv[1])
        experiment = client.get_experiment_by_name("birds")
        run, = client.search_runs([experiment.experiment_id])
        assert run.info.run_name == "a", run.info.run_name
        loss, recall = (client.get_metric_history(run.info.run_id, key) for key in ("train/loss", "test/recall_at_1"))
        path = client.download_artifacts(run.info.run_id, "script.vps", ".")
        print(json.dumps({"steps": [m.step for m in loss], "losses": [m.value for m in loss], "recall": [m.value for m in recall],
            "recallSteps": [m.step for m in recall], "text": open(path).read(), "status": run.info.status, "parameter": run.data.params["optim.lr"]}))
        """

    @Test(.enabled(if: Python.has("mlflow"), Comment(rawValue: Python.lacking("mlflow"))))
    func mlflowReadsItsFileStore() throws {
        let (session, output) = place.session()
        ran(
            place.tiny + "track mlflow=\"\(place("mlruns"))\" experiment=birds\ntrain epochs=1 batch=4 evaluate=1 name=a -> fit\nrestore $fit.run\ntrain epochs=2 batch=4 evaluate=1\n",
            in: session, output)
        #expect(!output.text.contains("mlflow:"), "\(output.text)")
        let told = try told(Self.reader, [place("mlruns")])
        try expectSame(told, as: place("runs/a"), steps: Array(1...8), epochs: [4, 8])
        #expect(told.status == "FINISHED" && told.parameter == "0.001" && told.text.contains("track mlflow="))
        #expect(try place.bytes("runs/a/mlflow.jsonl").isEmpty)
    }

    /// The server is killed while training runs, and comes back after its end.
    @Test(.enabled(if: Python.has("mlflow", "flask"), Comment(rawValue: Python.lacking("mlflow"))))
    func serverThatDiesIsToldLater() throws {
        let server = try MLflowServerProcess(in: place)
        defer { server.kill() }
        try server.start()
        var steps = 0
        let (session, output) = place.session(shouldStop: {
            // Asked between steps; the server has heard of the first ones by then.
            steps += 1
            if steps == 6 {
                Thread.sleep(forTimeInterval: 2.5)
                server.kill()
            }
            return false
        })
        ran(place.tiny + "track mlflow=\"\(server.url)\" experiment=birds\ntrain epochs=2 batch=4 evaluate=1 name=a\n", in: session, output)
        #expect(output.text.contains("messages wait in \(place("runs/a"))/mlflow.jsonl"), "\(output.text)")
        #expect(output.text.contains("does not answer"), "\(output.text)")
        #expect(session.execute("sync \"\(place("runs/a"))\"") == .failed)
        #expect(output.errors.contains("does not answer") && output.errors.contains("`sync` again later"), "\(output.errors)")
        try server.start()
        ran("sync \"\(place("runs/a"))\" -> s\nassert $s.figures > 10\nsync \"\(place("runs/a"))\"\n", in: session, output)
        #expect(output.text.contains("nothing was waiting"))
        let told = try told(Self.reader, [server.url])
        try expectSame(told, as: place("runs/a"), steps: Array(1...8), epochs: [4, 8])
        #expect(told.status == "FINISHED" && told.text.contains("track mlflow="))
    }

    @Test func whatNobodyAnswersIsKept() throws {
        let (session, output) = place.session()
        // Port 9 answers nobody.
        ran(place.tiny + "track mlflow=\"http://127.0.0.1:9\" tensorboard\ntrain epochs=1 batch=4 name=a\nshow\n", in: session, output)
        #expect(output.text.contains("mlflow: 7 messages wait in "), "\(output.text)")
        #expect(output.text.contains("track tensorboard mlflow=\"http://127.0.0.1:9\" experiment=\"vptsp\""))
        ran("track none\ntrain epochs=1 batch=4 name=b\n", in: session, output)
        #expect(!FileManager.default.fileExists(atPath: place("runs/b/mlflow.jsonl")))
        #expect(session.execute("sync \"\(place("runs/b"))\"") == .inputMissing)
        #expect(output.errors.contains("was not tracked by MLflow"))
    }

    @Test func placesThatAreNoneAreRefused() throws {
        let (session, output) = place.session()
        #expect(session.execute("track mlflow=\"ftp://somewhere\"") == .failed)
        #expect(output.errors.contains("neither a server nor a folder of MLflow"), "\(output.errors)")
        #expect(session.execute("track") == .rejected)
        #expect(session.execute("track tensorboard experiment=a") == .rejected)
        #expect(output.errors.contains("`experiment` belongs to `mlflow`"), "\(output.errors)")
    }
}

/// `mlflow server` on a port of this machine, its data in a folder; started again it has what it had.
private final class MLflowServerProcess {
    let port = Int.random(in: 20_000...50_000)
    var url: String { "http://127.0.0.1:\(port)" }
    private let place: Workplace
    private var process: Process?

    init(in place: Workplace) throws { self.place = place }

    /// Returns once it answers.
    func start() throws {
        process = try Python.start(
            ["-m", "mlflow", "server", "--host", "127.0.0.1", "--port", "\(port)", "--workers", "1", "--backend-store-uri", "sqlite:///\(place("mlflow.db"))",
             "--artifacts-destination", place("artifacts")], in: place.path, output: place("server.log"))
        for _ in 0..<900 {
            if (try? HTTPMessage.send("GET", url: url + "/health", body: [], type: "text/plain", timeout: 5))?.status == 200 { return }
            Thread.sleep(forTimeInterval: 0.2)
        }
        throw Python.Failed(description: "the server does not start:\n" + String(decoding: (try? place.bytes("server.log")) ?? Data(), as: UTF8.self))
    }

    /// As `kill -9` of it and all that it started.
    func kill() {
        guard let process else { return }
        _ = Foundation.kill(-process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        self.process = nil
    }
}
