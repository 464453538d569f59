/// The script of a job array: its task i runs cell i.
struct SlurmScript {
    let name: String
    let options: SlurmOptions
    /// Absolute paths: jobs begin in a folder of their own choice.
    let program, folder: String
    /// Hashes of the cells.
    let cells: [String]

    /// A cell that is asked to stop writes a checkpoint, ends with status 130, and its task is queued again, to go on from there.
    /// Who cancels a job sends the same signal: then Slurm no longer says that it runs, and it stays away.
    var text: String {
        var lines = ["#!/bin/bash", directive("job-name", "vptsp-\(name)"), directive("array", array)]
        if let partition = options.partition { lines.append(directive("partition", partition)) }
        if let minutes = options.minutes { lines.append(directive("time", "\(minutes)")) }
        if let mebibytes = options.mebibytes { lines.append(directive("mem", "\(mebibytes)M")) }
        lines += [
            directive("cpus-per-task", "\(options.cpus)"), directive("ntasks", "1"), "#SBATCH --requeue", directive("open-mode", "append"),
            directive("output", "\(folder)/slurm/%A_%a.log"),
        ]
        if let notice = options.notice { lines.append(directive("signal", "B:TERM@\(notice)")) }
        return (lines + [
            "cells=(\(cells.joined(separator: " ")))",
            "worker=",
            "trap '[ -z \"$worker\" ] || kill -TERM \"$worker\" 2>/dev/null' TERM",
            "\(Self.quoted(program)) \(SweepScheduler.workerCommand) \(Self.quoted(folder)) --threads \(options.cpus) --cell \"${cells[$SLURM_ARRAY_TASK_ID]}\" </dev/null &",
            "worker=$!",
            "# A signal ends the wait, not the worker.",
            "while kill -0 \"$worker\" 2>/dev/null; do wait \"$worker\"; done",
            "wait \"$worker\"; status=$?",
            "if [ \"$status\" = 130 ]; then",
            "    # The number of the job alone may stand for all tasks of the array.",
            "    task=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID",
            "    # A controller that is busy does not answer at once.",
            "    for _ in 1 2 3 4 5; do",
            "        state=$(squeue --noheader --job \"$task\" --format %T) && [ -n \"$state\" ] && break",
            "        sleep 1",
            "    done",
            "    if [ \"$state\" = RUNNING ]; then",
            "        scontrol requeue \"$task\"",
            "        # The end of this job, which Slurm sends.",
            "        sleep 60",
            "    else",
            "        echo \"not queued again: Slurm says ${state:-nothing} of task $task\" >&2",
            "    fi",
            "fi",
            "exit \"$status\"",
        ]).joined(separator: "\n") + "\n"
    }

    private var array: String { "0-\(max(cells.count - 1, 0))" + (options.mostAtOnce.map { "%\($0)" } ?? "") }

    private func directive(_ name: String, _ value: String) -> String { "#SBATCH --\(name)=\(Self.isPlain(value) ? value : Self.quoted(value))" }

    private static func isPlain(_ text: String) -> Bool {
        text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.,:%/@+".contains($0)) }
    }

    /// For bash, whatever is in it.
    static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }
}
