import ArgumentParser
import Experiments
import Interpreter
import Reporting

extension VPTSP {
    struct SweepStatus: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "status", abstract: "Say how the cells of sweeps stand: done, failed, running, queued or missing.",
            discussion: "Without a name: every sweep under runs/sweeps/, a line each. The queue is asked for those that run on Slurm."
        )

        @Argument(help: "Folders of sweeps, or their names under runs/sweeps/.", completion: .directory)
        var sweeps: [String] = []

        @Flag(help: "Write JSON, every cell of each.")
        var json = false

        func run() throws {
            do {
                let kept = try sweeps.isEmpty ? KeptSweep.all() : sweeps.map { try KeptSweep($0) }
                let text = try json ? KeptSweep.json(kept) : kept.map { try $0.status(isWhole: !sweeps.isEmpty) }.joined()
                Terminal.standardOutput.write(text)
                if kept.isEmpty { Terminal.standardError.write("no sweeps under runs/sweeps/: a script with `sweep`, or `vptsp sweep FILE name=values`, makes one\n") }
            } catch {
                throw failure(error)
            }
        }
    }

    struct SweepCollect: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "collect", abstract: "Put the results of a sweep together: its table, and table.csv and cells.csv in its folder.",
            discussion: "Results that are not there yet are left out, and counted; the exit status is then 70, and so it is when a cell failed."
        )

        @Argument(help: "Folder of a sweep, or its name under runs/sweeps/.", completion: .directory)
        var sweep: String

        func run() throws {
            do {
                let kept = try KeptSweep(sweep)
                let (table, missing, failed) = try kept.collect()
                Terminal.standardOutput.write(table)
                let lacks = [(missing, "not over"), (failed, "failed")].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
                Terminal.standardError.write((lacks.isEmpty ? "all cells are done" : lacks.joined(separator: ", ")) + "; kept in \(kept.path)\n")
                try leave(lacks.isEmpty ? .success : .failed)
            } catch let code as ArgumentParser.ExitCode {
                throw code
            } catch {
                throw failure(error)
            }
        }
    }
}
