import Foundation
import Testing

/// `sweep … on=slurm` against a real Slurm, which `Scripts/slurm-here.sh` starts and stops.
@Suite(
    .serialized,
    .enabled(if: ProcessInfo.processInfo.environment["VPTSP_TEST_SLURM"] != nil, "starts daemons of its own for some minutes: set VPTSP_TEST_SLURM=1"))
struct SlurmSweepTests {
    private static let here = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .appendingPathComponent("../../Scripts/slurm-here.sh").standardizedFileURL.path

    private static let network = "load vit image=32 patch=16 dim=32 depth=2 heads=2\naugment paper\ndata glyphs validate=0.1\nmethod vptsp-g\n"

    /// Runs shell commands beside a Slurm; nil where it cannot start.
    private func shell(_ text: String, in program: BuiltProgram) throws -> (status: Int32, output: String, errors: String)? {
        let commands = try program.write("set -eu\nV='\(BuiltProgram.path)'\nuntil_() { for _ in $(seq 600); do if eval \"$1\"; then return 0; fi; sleep 0.1; done; echo \"never: $1\" >&2; return 1; }\n" + text, to: "commands.sh")
        let result = try program.run([], under: ["/bin/bash", "-c", "exec bash '\(Self.here)' bash '\(commands)'"])
        guard result.status != 77 else {
            print("skipped: \(result.errors)")
            return nil
        }
        return result
    }

    private func text(_ name: String, of program: BuiltProgram) throws -> String {
        try String(contentsOf: program.folder.appendingPathComponent(name), encoding: .utf8)
    }

    @Test func cellsSurviveTheClientAndAreCollected() throws {
        let program = try BuiltProgram()
        let sweep = "sweep rates seeds=2 on=slurm jobs=2 memory=1GiB time=10min {\n  vary lr in [1e-3, 1e-2]\n  optim adamw lr=$lr\n  train epochs=1 steps=2 batch=16\n  eval on=validation\n} -> table\nprint \"{len($table)} rows\"\n"
        _ = try program.write(Self.network + sweep, to: "rates.vps")
        _ = try program.write(Self.network + sweep.replacing("rates", with: "none").replacing("seeds=2", with: "seeds=1 wait=none"), to: "none.vps")
        let found = try shell(
            """
            $V run rates.vps > client.out &
            client=$!
            until_ 'grep -q "4 cells submitted" client.out'
            kill -9 $client
            $V sweep status > all.out
            until_ '[ "$($V sweep status --json runs/sweeps/rates-* | grep -c "\\"done\\"")" = 4 ]'
            $V sweep status runs/sweeps/rates-* > status.out
            $V sweep collect runs/sweeps/rates-* > table.out
            $V run rates.vps > again.out
            $V run none.vps > none.out
            until_ '[ -z "$(squeue --noheader)" ]'
            cat runs/sweeps/rates-*/slurm/array-1.sh > script.out
            """, in: program)
        guard let found else { return }
        try #require(found.status == 0, "\(found.errors)")
        #expect(try text("all.out", of: program).contains("4 cells: "))
        #expect(try text("status.out", of: program).contains("4 cells: 4 done\n"))
        let table = try text("table.out", of: program)
        #expect(table.contains("recall@1") && table.contains("0.001"), "\(table)")
        #expect(found.errors.contains("all cells are done"))
        // Again there is nothing to submit, and the script goes on with the table.
        let again = try text("again.out", of: program)
        #expect(again.contains("4 cells are done already") && again.contains("2 rows") && !again.contains("submitted"), "\(again)")
        let none = try text("none.out", of: program)
        #expect(none.contains("2 cells submitted") && none.contains("0 rows"), "\(none)")
        let script = try text("script.out", of: program)
        for line in ["--array=0-3%2", "--mem=1024M", "--time=10", "--requeue", "--signal=B:TERM@120"] { #expect(script.contains("#SBATCH \(line)\n"), "\(line)") }
    }

    /// The signal that comes before the time limit, sent by hand to two tasks of one array.
    @Test func cellsOutOfTimeAreQueuedAgainAndGoOn() throws {
        let program = try BuiltProgram()
        let sweep = { (on: String) in
            "sweep long \(on) {\n  vary lr in [1e-3, 1e-2]\n  optim adamw lr=$lr\n  train epochs=12 batch=100\n} -> table\nfor row in $table { print \"failed {$row.failed} loss {$row.loss}\" }\n"
        }
        _ = try program.write(Self.network + sweep("on=slurm time=10min"), to: "long.vps")
        try FileManager.default.createDirectory(at: program.folder.appendingPathComponent("local"), withIntermediateDirectories: true)
        _ = try program.write(Self.network + sweep("on=local"), to: "local/long.vps")
        let found = try shell(
            """
            $V run long.vps > client.out &
            client=$!
            until_ '[ "$(grep -ls step runs/sweeps/long-*/cells/*/runs/train-1/events.jsonl | wc -l)" = 2 ]'
            scancel --signal=TERM --batch $(squeue --noheader --format %F_%K)
            until_ '[ "$(grep -ls CANCELLED runs/sweeps/long-*/slurm/*.log | wc -l)" = 2 ]'
            wait $client
            grep -h resumed runs/sweeps/long-*/cells/*/runs/train-1/manifest.json > resumed.out
            cat runs/sweeps/long-*/slurm/*.log > log.out
            $V run local/long.vps > local.out
            """, in: program)
        guard let found else { return }
        try #require(found.status == 0, "\(found.errors)")
        let (there, here) = (try text("client.out", of: program).split(separator: "\n").suffix(2), try text("local.out", of: program).split(separator: "\n").suffix(2))
        #expect(there == here && there.allSatisfy { $0.hasPrefix("failed 0") }, "\(there)")
        #expect(try text("resumed.out", of: program).split(separator: "\n").count == 2, "both were stopped and went on")
        let cells = try FileManager.default.subpathsOfDirectory(atPath: program.folder.path).filter { $0.hasSuffix("train-1/checkpoint.safetensors") }
        #expect(cells.count == 4)
        #expect(try Set(cells.map { try Data(contentsOf: program.folder.appendingPathComponent($0)) }).count == 2, "a cell went on to other bytes")
    }

    @Test func whatCannotBeSubmittedIsSaid() throws {
        let program = try BuiltProgram()
        func errors(_ options: String) throws -> String {
            let script = try program.write(Self.network + "sweep s on=slurm \(options) {\n  vary a in [1, 2]\n  train steps=$a batch=16\n}\n", to: "s.vps")
            let result = try program.run(["run", script], under: ["/usr/bin/env", "PATH=/nowhere"])
            #expect(result.status == 70)
            return result.errors
        }
        #expect(try errors("").contains("there is no Slurm here"))
        #expect(try errors("by=tpe trials=3").contains("by=tpe chooses cells from the results of others"))
        #expect(try errors("stop=first").contains("on=local"))
    }
}
