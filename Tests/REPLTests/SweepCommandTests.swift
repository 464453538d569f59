import Foundation
import Testing

/// `sweep` as a program: over parameters, on a terminal, interrupted and taken up.
@Suite(.serialized) struct SweepCommandTests {
    private static let script = """
        param dim = 8 in 1..64 "width of the embedding"
        param kind = none in [none, mean]
        param epochs = 1
        threads 1
        load vit image=48 patch=16 dim=16 depth=1 heads=2
        data glyphs
        method linear
        proxies $kind
        head dim=$dim
        train epochs=$epochs batch=50 checkpoint=none -> fit

        """

    @Test func parametersAreCheckedAndSwept() throws {
        let program = try BuiltProgram()
        let file = try program.write(Self.script, to: "wide.vps")
        let wrong = try program.run(["sweep", file, "dmi=1,2"])
        #expect(wrong.status == 65)
        #expect(wrong.errors.contains("did you mean `dim`?"))
        #expect(try program.run(["sweep", file, "dim=8,65"]).status == 65)
        #expect(try program.run(["sweep", file, "kind=none,gru"]).errors.contains("parameter `kind` must be in [none, mean], not gru"))
        #expect(try program.run(["sweep", file, "dim=8", "jobs=0"]).status == 65)
        #expect(try program.run(["sweep", file, "dim"]).status == 64)
        let misnamed = try program.run(["sweep", file, "dimm=8,16"]).errors
        #expect(misnamed.contains(" 1 | dimm=8,16") && misnamed.contains("   | ^^^^ did you mean `dim`?"), "\(misnamed)")
        #expect(try program.run(["sweep", "absent.vps", "dim=8"]).status == 66)
        #expect(!FileManager.default.fileExists(atPath: program.folder.appendingPathComponent("runs").path))

        let good = try program.run(["sweep", file, "dim=4,8", "kind=none,mean", "jobs=2", "rank=loss"])
        #expect(good.errors == "")
        #expect(good.status == 0)
        #expect(good.output.contains("4 combinations x 1 seed, 2 jobs"))
        #expect(good.output.contains("4 of 4 cells done"))
        let again = try program.run(["sweep", file, "dim=4,8", "kind=none"])
        #expect(again.output.contains("2 cells are done already"))
    }

    @Test func terminalShowsWhatRunsAndControlCKeepsIt() throws {
        let program = try BuiltProgram()
        let file = try program.write(Self.script, to: "wide.vps")
        let session = try program.session(["sweep", file, "dim=4,8", "epochs=200"])
        try session.expect("2 combinations x 1 seed, 1 job")
        try session.expect("/9600 steps  loss ")
        try session.expect("0/2 cells")
        session.type("\u{3}")
        try session.expect("the same sweep goes on")
        #expect(try session.exitStatus() == 130)
        let sweeps = program.folder.appendingPathComponent("runs/sweeps").path
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: sweeps).first)
        let cells = try FileManager.default.contentsOfDirectory(atPath: "\(sweeps)/\(name)/cells")
        #expect(cells.count == 1)
        let run = "\(sweeps)/\(name)/cells/\(cells[0])/runs/train-1"
        #expect(FileManager.default.fileExists(atPath: run + "/checkpoint.safetensors"))

        let second = try program.session(["sweep", file, "dim=4,8", "epochs=200"])
        try second.expect("/9600 steps  loss ")
        second.type("\u{3}")
        #expect(try second.exitStatus() == 130)
        // The cell went on in the run that it had.
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(sweeps)/\(name)/cells/\(cells[0])/runs") == ["train-1"])
    }
}
