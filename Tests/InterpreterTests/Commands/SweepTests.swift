import Foundation
import Interpreter
import Testing

@Suite(.serialized) struct SweepTests {
    let place: Workplace

    init() throws {
        place = try Workplace()
        try place.pictures("birds")
    }

    private func folder(_ name: String) throws -> String {
        let all = try FileManager.default.contentsOfDirectory(atPath: place("runs/sweeps"))
        return place("runs/sweeps/") + (try #require(all.first { $0.hasPrefix(name + "-") }))
    }

    private func cells(_ name: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder(name) + "/cells").sorted()
    }

    @Test func cellsRunOnceAndTheirFiguresAreRecords() throws {
        let script = place.tiny + """
            let factor = 2
            sweep rates seeds=2 {
              vary lr in [1e-3, 1e-2]
              optim adamw lr=($lr * $factor)
              train epochs=1 batch=4
              eval recall=[1]
            } -> table
            print len($table)
            for row in $table { print "{$row.lr} {$row.seeds} {$row.failed} {$row.loss-spread >= 0} {$row.recall@1 <= 1}" }

            """
        let first = try place.run(script)
        #expect(first.errors == "")
        #expect(first.code == .success)
        #expect(first.text.contains("2 combinations x 2 seeds, 1 job"))
        #expect(first.text.contains("[4/4] lr=0.01 seed=1  recall@1 "))
        #expect(first.text.contains("4 of 4 cells done"))
        #expect(first.text.hasSuffix("2\n0.001 2 0 true true\n0.01 2 0 true true\n"))
        #expect(try cells("rates").count == 4)

        let again = try place.run(script.replacing("[1e-3, 1e-2]", with: "[1e-3, 1e-2, 1e-1]"))
        #expect(again.text.contains("4 cells are done already"))
        #expect(again.text.contains("6 of 6 cells done"))
        #expect(try cells("rates").count == 6)
        let table = String(decoding: try place.bytes(folder("rates") + "/table.csv"), as: UTF8.self)
        #expect(table.split(separator: "\n").count == 4)
        let lines = String(decoding: try place.bytes(folder("rates") + "/cells.csv"), as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 7)
    }

    @Test func aCellTakesTheTimeOfAllItsCommands() throws {
        let script = place.tiny + """
            sweep times {
              vary lr in [1e-3]
              optim adamw lr=$lr
              train epochs=1 batch=4 -> fit
              eval recall=[1] -> first
              eval recall=[1] -> second
              print "{$fit.minutes:.12e} {$first.minutes:.12e} {$second.minutes:.12e}"
            } -> table
            for row in $table { print "{$row.minutes:.12e}" }

            """
        let done = try place.run(script)
        #expect(done.code == .success, "\(done.errors)")
        let cell = try #require(try cells("times").first)
        let said = String(decoding: try place.bytes(folder("times") + "/cells/\(cell)/output.txt"), as: UTF8.self)
        let parts = try #require(said.split(separator: "\n").last).split(separator: " ").compactMap { Double($0) }
        let total = try #require(done.text.split(separator: "\n").last.flatMap { Double($0) })
        #expect(parts.count == 3)
        #expect(abs(parts.reduce(0, +) - total) <= 1e-9 * total)
        #expect(total > (parts.max() ?? 0))
    }

    @Test func figuresDoNotDependOnTheNumberOfJobs() throws {
        let script = place.tiny + "sweep NAME jobs=1 { vary n in [1, 2]; vary k in [1, 2]; prompts n=$n; train epochs=1 batch=4 per-class=$k; eval recall=[1] }\n"
        for (name, jobs) in [("one", "jobs=1"), ("two", "jobs=2")] {
            #expect(try place.run(script.replacing("NAME", with: name).replacing("jobs=1", with: jobs)).code == .success)
        }
        #expect(try cells("one") == cells("two"))
        for cell in try cells("one") {
            let paths = try ["one", "two"].map { try folder($0) + "/cells/\(cell)/runs/train-1/checkpoint.safetensors" }
            #expect(try place.bytes(paths[0]) == place.bytes(paths[1]))
        }
    }

    @Test func failedCellIsARowAndTheOthersGoOn() throws {
        let script = place.tiny + "sweep rates { vary lr in [1e30, 1e-3]; optim sgd lr=$lr; train epochs=2 batch=4 } -> table\nprint \"after\"\n"
        let result = try place.run(script)
        #expect(result.code == .success)
        #expect(result.errors.contains("[1/2] lr=1e30 seed=0  failed: error[VPS502]: training stopped at step"))
        #expect(result.text.contains("1 of 2 cells done, 1 failed"))
        #expect(result.text.hasSuffix("after\n"))
        #expect(try place.run(script.replacing("sweep rates", with: "sweep rates stop=first")).code == .failed)
        #expect(try place.run(script.replacing("1e-3]", with: "2e30]")).code == .failed)
    }

    @Test func nothingRunsUntilEveryCellIsChecked() throws {
        let result = try place.run(place.tiny + "let few = [2, 0]\nsweep s { vary n in $few; prompts n=$n; train epochs=1 batch=4 }\n")
        #expect(result.code == .rejected)
        #expect(!FileManager.default.fileExists(atPath: place("runs")))
    }

    @Test func sessionIsAsItWasBeforeTheSweep() throws {
        let (session, output) = place.session()
        #expect(session.execute(place.tiny) == .succeeded)
        #expect(session.execute("show prompts") == .succeeded)
        #expect(session.execute("sweep s { vary n in [1]; prompts n=7; let inside = 1; train epochs=1 batch=4 }") == .succeeded, "\(output.errors)")
        let before = output.text
        #expect(session.execute("show prompts") == .succeeded)
        #expect(output.text.dropFirst(before.count).hasPrefix("prompts where=deep layers=2 n=2"))
        #expect(session.execute("print $inside") == .rejected)
        #expect(session.execute("eval") == .succeeded)
        #expect(output.text.contains("frozen features"))
    }

    @Test func trainedModelIsWhereCellsStart() throws {
        let result = try place.run(
            place.tiny + """
                train epochs=1 batch=4
                eval recall=[1, 2] -> own
                sweep s { vary k in [[1, 2]]; eval recall=$k } -> table
                for row in $table { assert $row.recall@1 == $own.recall@1; assert $row.recall@2 == $own.recall@2 }

                """)
        #expect(result.errors == "")
        #expect(result.code == .success)
    }

    @Test func stoppedCellGoesOnToTheSameBytes() throws {
        let script = place.tiny + "sweep s { vary n in [1]; train epochs=40 batch=4; eval recall=[1] }\n"
        try place.write(script, to: "script.vps")
        var cell = ""
        let output = CapturedOutput()
        let stopped = ScriptRunner(output: output) {
            cell = (try? cells("s").first) ?? ""
            guard !cell.isEmpty, let log = try? place.bytes(folder("s") + "/cells/\(cell)/runs/train-1/events.jsonl") else { return false }
            return log.count > 600
        }.run(place("script.vps"))
        #expect(stopped == .interrupted)
        let runs = try folder("s") + "/cells/\(cell)/runs"
        #expect(try FileManager.default.contentsOfDirectory(atPath: runs) == ["train-1"])
        let part = try place.bytes(runs + "/train-1/metrics.json")
        #expect(String(decoding: part, as: UTF8.self).contains("\"isComplete\" : false"))
        #expect(try place.run(script).code == .success)
        let whole = try place.bytes(runs + "/train-1/checkpoint.safetensors")
        #expect(try place.run(place.tiny + "prompts n=2\ntrain epochs=40 batch=4 name=plain\n").code == .success)
        #expect(try place.bytes("runs/plain/checkpoint.safetensors") == whole)
    }
}
