import Foundation
import Interpreter
import Testing

@Suite(.serialized) struct RunsTests {
    let place: Workplace

    init() throws {
        place = try Workplace()
        try place.pictures("birds")
        let result = try place.run(
            place.tiny + """
                train epochs=1 batch=4 name=gru
                eval map
                method linear
                seed 4
                train epochs=1 batch=4 steps=2 name=linear
                eval map
                train epochs=1 batch=4 steps=1 name=linear-short

                """)
        try #require(result.code == .success, "\(result.errors)")
    }

    /// Names of the runs that meet a condition, by name.
    private func found(_ condition: String) -> (names: [String], errors: String) {
        let (session, output) = place.session()
        let outcome = session.execute("runs list where=\"\(condition)\" sort=name -> r\nfor run in $r.runs { print \"run {$run}\" }\n")
        let lines = output.text.split(separator: "\n").filter { $0.hasPrefix("run ") && $0.contains("/runs/") }
        return (outcome == .succeeded ? lines.compactMap { $0.split(separator: "/").last.map(String.init) } : [], output.errors)
    }

    @Test func conditions() {
        let cases: [(String, [String])] = [
            ("method=linear", ["linear", "linear-short"]), ("method == linear", ["linear", "linear-short"]), ("method!=linear", ["gru"]),
            ("recall@1 >= 0", ["gru", "linear"]), ("not recall@1 > 1", ["gru", "linear"]), ("recall@1>1", []),
            ("method=linear and recall@1>=0 and map@r>=0", ["linear"]), ("steps<2 or method=vptsp-m", ["linear-short"]),
            ("seed=4", ["linear", "linear-short"]), ("optim.lr=1e-3", ["gru", "linear", "linear-short"]), ("prompts.n=2", ["gru"]), ("lr > 1e-2", []),
            ("train.steps * 2 = 4", ["linear"]), ("data=folder and state=complete", ["gru", "linear", "linear-short"]),
            ("started > \\\"2026-01-01\\\"", ["gru", "linear", "linear-short"]), ("started < \\\"2026-01-01\\\"", []), ("name=gru", ["gru"]),
            ("tag=best", []), ("(steps=1)", ["linear-short"]), ("loss > 0 and best.recall@1 > 0", []),
        ]
        for (condition, names) in cases {
            let (got, errors) = found(condition)
            if condition.contains("best.recall@1") {
                #expect(errors.contains("no run has a `best.recall@1`"), "no run was evaluated on the way")
            } else {
                #expect(got == names && errors.isEmpty, "\(condition): \(got) \(errors)")
            }
        }
    }

    @Test func badConditionsAreShown() {
        for (condition, message) in [
            ("recal@1>0.8", "no run has a `recal@1`"), ("method=linear and", "nothing follows `and`"), ("method", "`where` needs true or false"), ("method>0.5", "compares a text with a number"),
            ("1=2=3", "comparisons do not chain"), ("recall@1>\\\"a\\\"", "compares a number with a text"), ("", "a value"),
        ] {
            let (session, output) = place.session()
            #expect(session.execute("runs list where=\"\(condition)\"") == .rejected, "\(condition)")
            #expect(output.errors.contains(message) && output.errors.contains("--> where:1:"), "\(condition): \(output.errors)")
        }
        let (_, errors) = found("recal@1>0.8")
        #expect(errors.contains("did you mean `recall@1`?"))
    }

    @Test func listsSortsAndExports() throws {
        let (session, output) = place.session()
        #expect(session.execute("runs") == .succeeded, "\(output.errors)")
        #expect(output.text.contains("3 runs\n") && output.text.contains("run") && output.text.contains("complete"))
        let (sorted, out) = place.session()
        #expect(sorted.execute("runs list sort=steps limit=2\nruns list sort=map@r descending format=csv output=\"\(place("all.json"))\"") == .succeeded, "\(out.errors)")
        #expect(out.text.contains("2 runs of 3\n"))
        let table = out.text.split(separator: "\n")
        let names = table.compactMap { $0.split(separator: " ").first.map(String.init) }.filter { ["gru", "linear", "linear-short"].contains($0) }
        #expect(names == ["linear-short", "linear"], "\(out.text)")
        let csv = table.drop { !$0.hasPrefix("name,state,") }
        #expect(csv.count == 4 && csv.first?.contains(",recall@1,") == true && csv.first?.contains(",optim.lr,") == true)
        #expect(csv.last?.hasPrefix("linear-short,complete,") == true, "what has no map@r comes last")
        let array = try #require(JSONSerialization.jsonObject(with: place.bytes("all.json")) as? [[String: Any]])
        #expect(array.count == 3)
        #expect((array[0]["settings"] as? [String: String])?["optim.lr"] == "0.001")
        #expect(((array[0]["figures"] as? [String: Double])?["recall@1"]).map { (0...1).contains($0) } == true)
        let (wrong, errors) = place.session()
        #expect(wrong.execute("runs list sort=lost") == .rejected && errors.errors.contains("no run has a `lost`") && errors.errors.contains("did you mean `loss`?"))
    }

    @Test func tagsComparesAndRemoves() throws {
        let (session, output) = place.session()
        #expect(session.execute("runs tag runs=[gru, linear] tags=[keep, first]\nruns untag runs=gru tags=first\n") == .succeeded, "\(output.errors)")
        #expect(found("tag=keep").names == ["gru", "linear"] && found("tag=first").names == ["linear"] && found("tag!=keep").names == ["linear-short"])
        #expect(session.execute("runs compare runs=[gru, linear, linear-short] -> c\nprint \"{$c.settings > 2}\"\nruns show runs=linear") == .succeeded, "\(output.errors)")
        #expect(output.text.contains("train.steps") && output.text.contains("true\n") && output.text.contains("keep"))
        #expect(session.execute("runs remove runs=linear-short") == .succeeded)
        #expect(output.text.contains("nothing was removed") && FileManager.default.fileExists(atPath: place("runs/linear-short")))
        #expect(session.execute("runs remove runs=linear-short yes") == .succeeded, "\(output.errors)")
        #expect(!FileManager.default.fileExists(atPath: place("runs/linear-short")))
        #expect(session.execute("runs remove runs=linear-short yes") == .inputMissing)
        #expect(session.execute("runs tags=[a]") == .failed && output.errors.contains("does not belong to a list of runs"))
        #expect(session.execute("runs tag runs=gru") == .rejected)
        #expect(session.execute("runs compare runs=gru") == .failed && output.errors.contains("two runs or more"))
    }
}
