import Foundation
import Interpreter
import Testing

/// Messages of what goes wrong while a checked script runs, verbatim, a case for each code.
@Suite(.serialized) struct RuntimeDiagnosticTests {
    /// What no script can bring about: CommandHandlersTests proves that every command has its handler.
    private static let unreachable: Set<String> = [RuntimeCode.noHandler.rawValue]

    struct Case: CustomTestStringConvertible {
        var code: RuntimeCode
        /// After the settings of a tiny network; `FOLDER` is where it runs.
        var script: String
        var expected: String

        var testDescription: String { code.rawValue }
    }

    static let cases = [
        Case(
            code: .failed,
            script: """
                optim sgd lr=1e30 proxy-lr=1e30
                train epochs=3 batch=4 checkpoint=none
                """,
            expected: """
                error[VPS502]: training stopped at step 2 of epoch 1: the loss is not a number
                  --> FOLDER/script.vps:2:1
                   |
                 2 | train epochs=3 batch=4 checkpoint=none
                   | ^^^^^
                   = help: a smaller learning rate, `optim … clip-norm=1` or `schedule … warmup=1` usually helps
                   = help: it happened before the first checkpoint, so there is nothing to go back to

                """),
        Case(
            code: .impossible,
            script: """
                train epochs=1 batch=4
                save "FOLDER/model.safetensors"
                restore "FOLDER/model.safetensors" epoch=best
                """,
            expected: """
                error[VPS503]: epoch=best picks one of a run's models, but FOLDER/model.safetensors is a file
                  --> FOLDER/script.vps:3:1
                   |
                 3 | restore "FOLDER/model.safetensors" epoch=best
                   | ^^^^^^^
                   = help: give the run's folder

                """),
        Case(
            code: .badInput,
            script: """
                data csv path="FOLDER/table.csv"
                """,
            expected: """
                error[VPS504]: FOLDER/missing.png: no such file, named in FOLDER/table.csv:2
                  --> FOLDER/script.vps:1:1
                   |
                 1 | data csv path="FOLDER/table.csv"
                   | ^^^^
                   = help: `skip-bad` leaves such files out and counts them

                """),
        Case(
            code: .missingStep,
            script: """
                train epochs=1 batch=4
                head dim=8
                save "FOLDER/model.safetensors"
                """,
            expected: """
                error[VPS505]: the settings have changed since the model was trained
                  --> FOLDER/script.vps:3:1
                   |
                 3 | save "FOLDER/model.safetensors"
                   | ^^^^
                   = help: `train` makes one with these settings; the old one is in its run's folder

                """),
        Case(
            code: .assertionFailed,
            script: """
                data folder path="FOLDER/birds" -> set
                assert $set.train-classes > 1000 "too few for this recipe"
                """,
            expected: """
                error[VPS506]: too few for this recipe
                  --> FOLDER/script.vps:2:8
                   |
                 2 | assert $set.train-classes > 1000 "too few for this recipe"
                   |        ^^^^^^^^^^^^^^^^^^^^^^^^^
                   = help: $set.train-classes is 4

                """),
    ]

    @Test(arguments: cases) func messageIsVerbatim(_ example: Case) throws {
        let place = try Workplace()
        try place.pictures("birds")
        try place.write("path,label,split\nmissing.png,a,train\n", to: "table.csv")
        // The settings come from a script of their own, so that the lines of the case are its own.
        try place.write(place.tiny, to: "tiny.vps")
        let (session, output) = place.session()
        #expect(session.execute(place.tiny) == .succeeded)
        let before = output.errors.count
        let script = example.script.replacing("FOLDER", with: place.path)
        _ = session.execute(script, name: place("script.vps"))
        let errors = String(output.errors.dropFirst(before)).replacing(place.path, with: "FOLDER")
        #expect(errors == example.expected)
        #expect(errors.contains("[\(example.code.rawValue)]"))
    }

    @Test func everyCodeHasItsCase() {
        let shown = Set(Self.cases.map(\.code.rawValue))
        #expect(Set(RuntimeCode.allCases.map(\.rawValue)).subtracting(shown) == Self.unreachable)
    }
}
