import Foundation
import Testing

private let mpirun = ["/usr/bin/mpirun", "/usr/local/bin/mpirun"].first { FileManager.default.isExecutableFile(atPath: $0) }

/// `vptsp run` by several processes, under Open MPI's mpirun.
@Suite(.serialized, .enabled(if: mpirun != nil, "mpirun is not installed: apt-get install openmpi-bin"))
struct SharedRunTests {
    private func launcher(_ count: Int) -> [String] {
        [mpirun ?? "mpirun", "--allow-run-as-root", "--oversubscribe", "-n", "\(count)"]
    }

    /// Each process with a shell's words before the program: `"$0" "$@"` is the program.
    private func launcher(_ count: Int, shell: String) -> [String] { launcher(count) + ["/bin/sh", "-c", shell] }

    private let network = "threads 1\nload vit image=32 patch=16 dim=32 depth=2 heads=2\naugment paper\n"

    private func checkpoint(_ run: String, of program: BuiltProgram) throws -> Data {
        try Data(contentsOf: program.folder.appendingPathComponent("runs/\(run)/checkpoint.safetensors"))
    }

    @Test(arguments: [
        "method vptsp-g bitfit\ntrain steps=4 batch=24 micro-batch=4 evaluate=1",
        "method vptsp-m\ntrain steps=4 batch=24 micro-batch=5 memory=low evaluate=1",
        "proxies gru n=24 update=touched\noptim adamw lr=1e-3\ntrain steps=4 batch=24 per-class=1 micro-batch=8",
        "tune full\nproxies none\nloss multi-similarity\ntrain steps=2 batch=16 micro-batch=8",
        "precision f32 products=tiles\nmethod vpt\ntrain steps=2 batch=16 micro-batch=4",
    ])
    func sameBytesWhateverTheProcesses(_ training: String) throws {
        let program = try BuiltProgram()
        let script = try program.write(
            network + "data glyphs validate=0.1\n" + training + " epochs=1 name=shared -> fit\neval on=validation map -> found\nprint \"{$fit.loss} {$found.recall@1} {$found.map@r}\"\n",
            to: "shared.vps")
        var expected: (figures: Substring?, bytes: Data)?
        for count in [0, 1, 2, 4] {
            try? FileManager.default.removeItem(at: program.folder.appendingPathComponent("runs"))
            let result = try program.run(["run", script], under: count == 0 ? [] : launcher(count))
            try #require(result.status == 0, "\(count) processes: \(result.errors)")
            let found = (result.output.split(separator: "\n").last, try checkpoint("shared", of: program))
            if let expected {
                #expect(found.0 == expected.figures, "\(count) processes")
                #expect(found.1 == expected.bytes, "\(count) processes")
            }
            expected = expected ?? found
            // The first one alone speaks and writes.
            #expect(result.output.split(separator: "\n").count { $0.hasPrefix("run ") } == 1)
            #expect(try FileManager.default.contentsOfDirectory(atPath: program.folder.appendingPathComponent("runs").path) == ["shared"])
        }
    }

    /// Each machine would measure for itself.
    @Test func measuredProductsAreRefused() throws {
        let program = try BuiltProgram()
        let script = try program.write("precision f32 products=measured\n" + network + "data glyphs\nmethod vpt\ntrain steps=2 batch=16 name=shared\n", to: "measured.vps")
        let result = try program.run(["run", script], under: launcher(2))
        #expect(result.status != 0)
        #expect(result.errors.contains("`products=measured` is for one process") && result.errors.contains("say `precision f32 products=onednn`"), "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: program.folder.appendingPathComponent("runs/shared").path))
    }

    @Test func aProcessThatDiesEndsAllAndTheCheckpointHolds() throws {
        let program = try BuiltProgram()
        let settings = network + "data glyphs\nmethod vptsp-g\n"
        let whole = try program.run(["run", program.write(settings + "train epochs=2 batch=200 name=whole\n", to: "whole.vps")])
        try #require(whole.status == 0, "\(whole.errors)")
        let script = try program.write(settings + "train epochs=2 batch=200 name=dies\n", to: "dies.vps")
        // The second process kills itself as soon as there is a checkpoint.
        let watch = #"if [ "$OMPI_COMM_WORLD_RANK" = 1 ]; then self=$$; (until [ -e runs/dies/checkpoint.safetensors ]; do sleep 0.01; done; kill -9 $self) & fi; exec "$0" "$@""#
        let died = try program.run(["run", script], under: launcher(2, shell: watch))
        #expect(died.status != 0)
        let resumed = try program.run(["run", program.write("restore \"runs/dies\"\ntrain epochs=2 batch=200\n", to: "resume.vps")], under: launcher(2))
        try #require(resumed.status == 0 || resumed.errors.contains("already trained"), "\(resumed.errors)")
        #expect(try checkpoint("dies", of: program) == checkpoint("whole", of: program))
    }

    @Test func anInterruptOfOneStopsAllAtOneStep() throws {
        let program = try BuiltProgram()
        let script = try program.write(network + "data glyphs\ntrain epochs=200 batch=200 name=stopped\n", to: "stopped.vps")
        let watch = #"if [ "$OMPI_COMM_WORLD_RANK" = 1 ]; then self=$$; (until [ -s runs/stopped/events.jsonl ]; do sleep 0.01; done; kill -INT $self) & fi; exec "$0" "$@""#
        let stopped = try program.run(["run", script], under: launcher(2, shell: watch))
        #expect(stopped.status == 130, "\(stopped.errors)")
        #expect(stopped.output.contains("stopped after "))
        #expect(try !checkpoint("stopped", of: program).isEmpty)
    }

    @Test func differentScriptsAndPicturesAreRefused() throws {
        let program = try BuiltProgram()
        for (name, steps) in [("one", 1), ("two", 2)] { _ = try program.write(network + "data glyphs\ntrain steps=\(steps) batch=16\n", to: "\(name).vps") }
        let choice = #"if [ "$OMPI_COMM_WORLD_RANK" = 0 ]; then exec "$0" run one.vps; else exec "$0" run two.vps; fi"#
        let scripts = try program.run([], under: launcher(2, shell: choice))
        #expect(scripts.status == 66)
        #expect(scripts.errors.contains("has scripts that differ from those of process 0"), "\(scripts.errors)")

        let picture = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../Docs/pictures/query.png").standardizedFileURL
        for place in 0...1 {
            for name in ["a/1", "a/2", "b/1", "b/2", "c/1", "c/2", "d/1", "d/2"] {
                let file = program.folder.appendingPathComponent("\(place)/pictures/\(name).png")
                try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                // What follows the end of a PNG changes no pixel.
                try (Data(contentsOf: picture) + Data(place == 1 && name == "b/2" ? [0] : [])).write(to: file)
            }
            _ = try program.write(network + "data folder path=\"pictures\"\naugment crop\ntrain steps=1 batch=4 epochs=1\n", to: "\(place)/train.vps")
        }
        let pictures = try program.run([], under: launcher(2, shell: #"cd $OMPI_COMM_WORLD_RANK && exec "$0" run train.vps"#))
        #expect(pictures.status == 66)
        #expect(pictures.errors.contains("has pictures that differ from those of process 0"), "\(pictures.errors)")
    }

    @Test func oneErrorIsSaidOnce() throws {
        let program = try BuiltProgram()
        let rejected = try program.run(["run", program.write("laod vit-nano\n", to: "wrong.vps")], under: launcher(3))
        #expect(rejected.status == 65)
        #expect(rejected.errors.components(separatedBy: "did you mean").count == 2, "\(rejected.errors)")
        let sweep = try program.run(
            ["run", program.write(network + "data glyphs\nsweep s {\n  vary a in [1, 2]\n  train steps=$a batch=16\n}\n", to: "sweep.vps")], under: launcher(2))
        #expect(sweep.errors.contains("cannot run under mpirun or srun"), "\(sweep.errors)")
    }

    /// Where no launcher is, no library is wanted; where one is, its absence is said.
    @Test func aMissingLibraryIsNamed() throws {
        let program = try BuiltProgram()
        let script = try program.write("seed 1\n", to: "seed.vps")
        let alone = try program.run(["run", script], under: ["/usr/bin/env", "VPTSP_MPI=/nowhere/libmpi.so"])
        #expect(alone.status == 0)
        let launched = try program.run(["run", script], under: ["/usr/bin/env", "PMIX_RANK=0", "VPTSP_MPI=/nowhere/libmpi.so"])
        #expect(launched.status == 70)
        #expect(launched.errors.contains("VPTSP_MPI names no library that can be loaded"), "\(launched.errors)")
    }
}
