import DataMiniatures
import Foundation
import Interpreter
import Testing

/// The scripts that repeat the paper: each passes the check where the data is not, and runs to its end on a miniature of
/// its data set, with the real network's sizes and random weights.
@Suite(.serialized) struct RecipesTests {
    private static let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Scripts/paper")
    static let scripts = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { $0.hasSuffix(".vps") }.sorted()

    @Test func everyRowOfTheRecipesIsThere() {
        let rows = ["cub200-s16", "cub200-b16", "cars196-s16", "cars196-b16", "sop-s16", "sop-b16", "inshop-s16", "inshop-b16", "inat2018-b16"]
        #expect(Set(Self.scripts).isSuperset(of: (rows + ["table1", "table2", "rows"]).map { $0 + ".vps" }), "\(Self.scripts)")
    }

    @Test(arguments: scripts) func passesTheCheck(_ script: String) {
        let output = CapturedOutput()
        #expect(ScriptRunner(output: output).check(Self.folder.appendingPathComponent(script).path) == .success, "\(output.errors)")
    }

    @Test(arguments: scripts) func opensWithWhatToExpect(_ script: String) throws {
        guard script != "rows.vps" else { return }
        let text = try String(contentsOf: Self.folder.appendingPathComponent(script), encoding: .utf8)
        let opening = text.split(separator: "\n").prefix { $0.hasPrefix("#") || $0.hasPrefix("vps") }.joined(separator: "\n")
        for words in ["vptsp run Scripts/paper/\(script)", "Expected", "Hours: ", "Settings: "] { #expect(opening.contains(words), "\(words) in \(script)") }
        #expect(!opening.contains("@HOURS"))
    }

    struct Trial: CustomTestStringConvertible {
        var script: String
        var data: String
        var more: [String] = []
        var testDescription: String { ([script] + more).joined(separator: " ") }
    }

    static let trials = [
        Trial(script: "cub200-s16", data: "cub200"), Trial(script: "cub200-b16", data: "cub200"),
        Trial(script: "cars196-s16", data: "cars196"), Trial(script: "cars196-b16", data: "cars196"),
        Trial(script: "sop-s16", data: "sop"), Trial(script: "sop-b16", data: "sop"),
        Trial(script: "inshop-s16", data: "inshop"), Trial(script: "inshop-b16", data: "inshop"),
        Trial(script: "inat2018-b16", data: "inat2018"),
        Trial(script: "table1", data: "cub200", more: ["row=adapter-b"]), Trial(script: "table1", data: "cub200", more: ["row=full"]),
        Trial(script: "table2", data: "cars196", more: ["on=cars196", "row=hyp-vit", "per-class=2"]),
        Trial(script: "table2", data: "inshop", more: ["on=inshop", "row=vpt"]),
        Trial(script: "table2", data: "sop", more: ["on=sop", "row=rs-at-k", "per-class=2"]),
    ]

    @Test(arguments: trials) func runsOnAMiniature(_ trial: Trial) throws {
        let place = try Workplace()
        for script in Self.scripts {
            try FileManager.default.copyItem(at: Self.folder.appendingPathComponent(script), to: URL(fileURLWithPath: place(script)))
        }
        let output = CapturedOutput()
        let arguments = ["data=\(DataMiniatures.path(trial.data))", "weights=random", "batch=4", "steps=2", "epochs=1"] + trial.more
        let code = ScriptRunner(output: output).run(place(trial.script + ".vps"), arguments: arguments)
        #expect(code == .success, "\(output.errors)")
        #expect(output.text.contains("trained 2 steps"), "\(output.text)")
        #expect(output.text.split(separator: "\n").last?.contains("R@1 0.") == true || output.text.contains("R@1 1.0000"), "\(output.text)")
    }
}
