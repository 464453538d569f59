import Diagnostics
import Testing
import VPSAnalysis
import VPSSyntax

@Suite struct SweepSpaceTests {
    private func space(_ block: String, scope: Scope = Scope()) -> SweepSpace? {
        let script = Parser.parse(Array("sweep s {\n\(block)\n}".utf8), file: 0).script
        guard case .command(let command)? = script.statements.first?.kind, let block = command.block else { return nil }
        return SweepSpace(block, scope: scope)
    }

    private func settings(_ block: String) throws -> [String] {
        let span = SourceSpan(file: 0, lower: 0, upper: 0)
        return try (space(block)?.grid(at: span) ?? []).map { setting in
            setting.map { "\($0.name)=\($0.value.literal)" }.joined(separator: " ")
        }
    }

    @Test func productGoesThroughTheLastAxisFirst() throws {
        #expect(try settings("vary a in [1, 2]; vary b in [x, y]") == ["a=1 b=x", "a=1 b=y", "a=2 b=x", "a=2 b=y"])
    }

    @Test func namesInStepTakeTuplesApart() throws {
        #expect(try settings("vary a, b in [(1, 2), (3, 4)]; vary c in 5..6") == ["a=1 b=2 c=5", "a=1 b=2 c=6", "a=3 b=4 c=5", "a=3 b=4 c=6"])
    }

    @Test func groupsFollowEachOther() throws {
        #expect(try settings("vary a in [1, 2]\n+ vary b in [3]\nvary a in [9]") == ["a=1", "a=2", "b=3 a=9"])
    }

    @Test func withoutAnAxisThereIsOneCell() throws {
        #expect(try settings("print 1") == [""])
    }

    @Test func mistakesAreFoundAtTheirPlace() {
        #expect(findings("vary a in [1]\n") == ["VPS230 vary a in [1]"])
        #expect(findings("sweep s { print 1; vary a in [1] }\n") == ["VPS230 vary a in [1]"])
        #expect(findings("sweep s { + vary a in [1] }\n") == ["VPS230 + vary a in [1]"])
        #expect(findings("sweep s { vary a in [1]; vary b, a in [(1, 2)] }\n") == ["VPS232 a"])
        #expect(findings("sweep s { vary a in [] }\n") == ["VPS233 []"])
        #expect(findings("sweep s { vary a in 0.1..0.5 }\n") == ["VPS315 0.1..0.5"])
        #expect(findings("sweep s { vary a, b in [(1, 2), 3] }\n").map { $0.prefix(6) } == ["VPS310"])
        #expect(findings("sweep s { vary a in 1..200; vary b in 1..200 }\n") == ["VPS234 sweep"])
        #expect(findings("sweep s\n") == ["VPS235 sweep"])
        #expect(findings("sweep s { sweep t { vary a in [1] } }\n") == ["VPS231 sweep"])
        #expect(findings("def go() { sweep t { vary a in [1] } }\nsweep s { go }\n") == ["VPS231 sweep"])
    }

    @Test func everyCellIsChecked() {
        #expect(findings("load vit-nano\nsweep s { vary n in [2, 0]; prompts n=$n }\n") == ["VPS207 $n"])
        #expect(findings("sweep s { vary a in [1]; + vary b in [2]; print $a }\n") == ["VPS301 a"])
        #expect(findings("load vit-nano\ndata glyphs\nsweep s { vary a in [1]; train epochs=1 } -> t\neval\nfor row in $t { print $row.loss }\n") == [])
        // What a cell does is forgotten after it.
        #expect(findings("sweep s { load vit-nano; let x = 1 }\nprompts n=2\nprint $x\n").map { $0.prefix(6) } == ["VPS401", "VPS301"])
    }
}

@Suite struct SweepDomainTests {
    private func literals(_ domain: String) -> [String] {
        let script = Parser.parse(Array("sweep s { vary a in \(domain) }".utf8), file: 0).script
        guard case .command(let command)? = script.statements.first?.kind, let block = command.block else { return [] }
        return SweepSpace(block, scope: Scope()).groups[0][0].domain.examples.map { $0.map(\.literal).joined(separator: ",") }
    }

    @Test func functionsGiveValues() {
        #expect(literals("log(1e-4..1e-2, 5)") == ["0.0001", "0.000316227766017", "0.001", "0.00316227766017", "0.01"])
        #expect(literals("choice([gru, \"a b\"])") == ["gru", "\"a b\""])
        #expect(literals("uniform(0, 0.5)") == ["0", "0.5"])
        #expect(literals("int(1, 9)") == ["1", "9"])
    }

    @Test func mistakesAreFoundBeforeTheSweep() {
        let good = "vary a in uniform(0, 1)"
        #expect(findings("sweep s by=random trials=3 { \(good) }\n") == [])
        #expect(findings("sweep s { \(good) }\n") == ["VPS233 uniform(0, 1)"])
        #expect(findings("sweep s by=tpe { \(good) }\n") == ["VPS209 by=tpe"])
        #expect(findings("sweep s trials=3 { vary a in [1] }\n") == ["VPS214 trials=3"])
        #expect(findings("sweep s by=tpe trials=3 { \(good); + vary b in [1] }\n") == ["VPS233 + vary b in [1]"])
        #expect(findings("sweep s by=tpe trials=3 { print 1 }\n") == ["VPS233 by=tpe"])
        #expect(findings("sweep s rung=3 { vary a in [1] }\n") == ["VPS214 rung=3"])
        #expect(findings("sweep s prune=asha seeds=2 { vary a in [1] }\n") == ["VPS211 seeds=2"])
        #expect(findings("sweep s by=tpe trials=2 prune=asha { \(good) }\n") == ["VPS211 prune=asha"])
        for wrong in ["uniform(1, 0)", "uniform(1)", "loguniform(0, 1)", "int(0.5, 2)", "choice(1)", "log(0..1, 3)", "log(1..2, 0)"] {
            #expect(findings("sweep s by=random trials=3 { vary a in \(wrong) }\n") == ["VPS233 \(wrong)"])
        }
        // Both ends are tried.
        #expect(findings("load vit-nano\nsweep s by=tpe trials=3 { vary n in int(0, 5); prompts n=$n }\n") == ["VPS207 $n"])
    }
}
