import Foundation
import Testing

/// A full disk and a read-only folder, made with a mount that only the program under test sees.
@Suite(.serialized) struct DiskTroubleTests {
    private static let canMount: Bool = {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["unshare", "-Urm", "sh", "-c", "mount -t tmpfs -o size=1m tmpfs /mnt && mount -o remount,ro /mnt"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    private let script = """
        threads 1
        load vit-nano
        data glyphs
        method vptsp-g
        train epochs=1 steps=8 batch=16 checkpoint-steps=1 keep=2 name=run

        """

    /// Runs shell commands with mounts of their own; `$VPTSP` is the program.
    private func shell(_ program: BuiltProgram, _ commands: String) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["VPTSP=\(BuiltProgram.path)", "unshare", "-Urm", "sh", "-c", commands]
        process.currentDirectoryURL = program.folder
        process.environment = program.environment
        let file = program.folder.appendingPathComponent("shell-output")
        try Data().write(to: file)
        process.standardOutput = try FileHandle(forWritingTo: file)
        process.standardError = process.standardOutput
        try process.run()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: try Data(contentsOf: file), as: UTF8.self))
    }

    private func checkpoint(_ program: BuiltProgram, _ path: String) throws -> Data {
        try Data(contentsOf: program.folder.appendingPathComponent("\(path)/checkpoint.safetensors"))
    }

    private let frugal = "load vit-nano\ndata glyphs\nmethod vptsp-g\ntrain steps=1 batch=16 memory=low name=low\n"

    /// What `memory=low` puts aside has no place: said before a run begins.
    @Test func temporaryFolderThatIsNotThere() throws {
        let program = try BuiltProgram()
        let result = try program.run(["run", program.write(frugal, to: "low.vps")], under: ["/usr/bin/env", "TMPDIR=/nowhere"])
        #expect(result.status == 70, "\(result.output)")
        #expect(result.errors.contains("/nowhere: no temporary file can be made in it: No such file or directory"), "\(result.errors)")
        #expect(result.errors.contains("TMPDIR=FOLDER"), "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: program.folder.appendingPathComponent("runs/low").path))
        #expect(try program.run(["run", "low.vps"]).output.contains("waits in a temporary file"))
    }

    @Test(.enabled(if: canMount, "no user namespaces with mounts here")) func temporaryFolderWithoutRoom() throws {
        let program = try BuiltProgram()
        _ = try program.write(frugal, to: "low.vps")
        let full = try shell(program, "mkdir small && mount -t tmpfs -o size=1m tmpfs small && TMPDIR=$PWD/small $VPTSP run low.vps")
        #expect(full.status == 70 && full.output.contains("of each batch into a file in"), "\(full.output)")
        #expect(full.output.contains("1.0 MiB are free") && full.output.contains("a smaller batch takes less"), "\(full.output)")
        #expect(!FileManager.default.fileExists(atPath: program.folder.appendingPathComponent("runs/low").path))
    }

    @Test(.enabled(if: canMount, "no user namespaces with mounts here")) func fullDiskKeepsTheLastCheckpoint() throws {
        let program = try BuiltProgram()
        let whole = try program.run(["run", program.write(script, to: "whole.vps")])
        try #require(whole.status == 0, "\(whole.errors)")
        try FileManager.default.moveItem(at: program.folder.appendingPathComponent("runs/run"), to: program.folder.appendingPathComponent("whole"))
        let size = try checkpoint(program, "whole").count
        // Room for two checkpoints and a half: the third, written before the first goes, finds none.
        let full = try shell(
            program, "mkdir small && mount -t tmpfs -o size=\(size * 5 / 2 / 1024)k tmpfs small && cp whole.vps small/ && $VPTSP run small/whole.vps; status=$?; "
                + "cp -r small/runs/run runs/run; ls -A small/runs/run; exit $status")
        #expect(full.status == 70, "\(full.output)")
        #expect(full.output.contains("the disk is full") && full.output.contains("is still there"), "\(full.output)")
        #expect(!full.output.contains(".tmp"), "nothing half-written stays")
        let resumed = try program.run(["resume", "run"])
        #expect(resumed.status == 0 && resumed.output.contains("from epoch 1 step "), "\(resumed.errors)\(resumed.output)")
        #expect(try checkpoint(program, "runs/run") == checkpoint(program, "whole"))
    }

    @Test(.enabled(if: canMount, "no user namespaces with mounts here")) func readOnlyFolderIsLeftAsItIs() throws {
        let program = try BuiltProgram()
        let begun = try program.run(["run", program.write(script.replacingOccurrences(of: "name=run", with: "name=begun"), to: "begun.vps")])
        try #require(begun.status == 0, "\(begun.errors)")
        // As a process leaves it that is killed after its last checkpoint.
        let metrics = program.folder.appendingPathComponent("runs/begun/metrics.json")
        var object = try #require(JSONSerialization.jsonObject(with: Data(contentsOf: metrics)) as? [String: Any])
        object["outcome"] = nil
        try JSONSerialization.data(withJSONObject: object).write(to: metrics)
        let readOnly = "mount --bind runs runs && mount -o remount,ro,bind runs && "
        let resumed = try shell(program, readOnly + "$VPTSP resume begun")
        #expect(resumed.status == 66 && resumed.output.contains("Read-only file system"), "\(resumed.output)")
        let anew = try shell(program, readOnly + "$VPTSP run begun.vps")
        #expect(anew.status == 66 && anew.output.contains("no run can be kept under"), "\(anew.output)")
        let listed = try shell(program, readOnly + "$VPTSP runs")
        #expect(listed.status == 0 && listed.output.contains("begun") && listed.output.contains("the runs are read from their folders"), "\(listed.output)")
        #expect(try program.run(["resume", "begun"]).status == 0)
    }
}
