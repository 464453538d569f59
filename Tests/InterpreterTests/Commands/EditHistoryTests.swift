import Foundation
import Interpreter
import Testing

/// `undo`, `redo`, `diff` and scripts that are saved.
@Suite(.serialized) struct EditHistoryTests {
    let place: Workplace

    init() throws {
        place = try Workplace()
        try place.pictures("birds")
    }

    private func shown(_ session: Session, _ output: CapturedOutput, _ part: String) -> String {
        let before = output.text.count
        _ = session.execute("show \(part)")
        return String(output.text.dropFirst(before))
    }

    @Test func changesAreTakenBackOneByOne() throws {
        let (session, output) = place.session()
        #expect(session.execute("load vit-nano\nprompts n=3\nprompts n=4\nhead dim=32\n") == .succeeded)
        #expect(session.execute("undo") == .succeeded)
        #expect(output.text.contains("undone: head dim=32"))
        #expect(session.execute("undo") == .succeeded)
        #expect(shown(session, output, "prompts").contains("n=3"))
        #expect(session.execute("redo") == .succeeded)
        #expect(shown(session, output, "prompts").contains("n=4"))
        // Another change: what was taken back is gone.
        #expect(session.execute("undo\nprompts n=9\n") == .succeeded)
        #expect(session.execute("redo") == .failed)
        #expect(session.execute("undo; undo; undo") == .succeeded)
        // The model is gone, and the checks know it.
        #expect(session.execute("undo") == .failed)
        #expect(session.execute("data glyphs\neval\n") == .rejected)
    }

    @Test func trainingIsNoChange() throws {
        let (session, output) = place.session()
        #expect(session.execute(place.tiny + "train epochs=1 batch=4\nundo\n") == .succeeded, "\(output.errors)")
        #expect(output.text.contains("undone: optim adamw lr=1e-3 proxy-lr=1e-2"))
    }

    @Test func savedScriptGivesTheSameSettings() throws {
        let settings = "seed 3\n" + place.tiny + "head dim=12\nschedule cosine warmup=2\n"
        let (session, output) = place.session()
        #expect(session.execute(settings + "save \"\(place("short.vps"))\"\nsave \"\(place("full.vps"))\" full\n") == .succeeded, "\(output.errors)")
        let short = String(decoding: try place.bytes("short.vps"), as: UTF8.self)
        #expect(short.contains("head dim=12\n"))
        #expect(!short.contains("loss") && !short.contains("delta"))
        for name in ["short.vps", "full.vps"] {
            let (again, errors) = place.session()
            #expect(again.execute(String(decoding: try place.bytes(name), as: UTF8.self)) == .succeeded, "\(errors.errors)")
            // Line by line, without where values came from.
            let sides = [shown(session, output, ""), shown(again, errors, "")].map { text in
                text.split(separator: "\n").map { line in line.firstRange(of: "  # ").map { String(line[..<$0.lowerBound]) } ?? String(line) }
            }
            #expect(sides[0].count > 5)
            #expect(sides[0] == sides[1], "\(name)\n\(short)")
        }
        #expect(session.execute("save \"\(place("m.vps"))\" whole") == .failed)
        #expect(place.session().session.execute("save \"\(place("m.safetensors"))\"") == .rejected)
    }

    @Test func differencesAreSettingsAndFigures() throws {
        let (session, output) = place.session()
        #expect(session.execute(place.tiny + "train epochs=1 batch=4 name=a\noptim adamw lr=0.5 proxy-lr=1e-2\ntrain epochs=1 batch=4 name=b\n") == .succeeded)
        let before = output.text.count
        #expect(session.execute("diff \"\(place("runs/a"))\" \"\(place("runs/b"))\" -> d\nprint $d.settings\n") == .succeeded, "\(output.errors)")
        let text = String(output.text.dropFirst(before))
        #expect(text.contains("setting") && text.contains("optim.lr") && text.contains("0.001") && text.contains("0.5"))
        #expect(text.contains("1 setting differs") && text.hasSuffix("1\n"))
        #expect(text.contains("loss"))
        #expect(session.execute("diff \"\(place("runs/b"))\"\n") == .succeeded)
        #expect(output.text.hasSuffix("the settings are the same\n"))
        #expect(session.execute("diff \"\(place("birds"))\"") == .inputMissing)
    }
}
