import Foundation
import ImageData
import Interpreter
import Testing

/// `report` and `plot`.
@Suite(.serialized) struct ReportTests {
    let place: Workplace

    init() throws {
        place = try Workplace()
        try place.pictures("birds")
    }

    private func page(_ name: String) throws -> String { String(decoding: try place.bytes(name), as: UTF8.self) }

    @Test func everythingOfARun() throws {
        let (session, output) = place.session()
        let script = place.tiny + """
            train epochs=3 batch=4 evaluate=1 name=first -> fit
            eval recall=[1, 2] map
            report queries=3 k=2 -> page
            print "{$page.runs} {$page.missing}"

            """
        #expect(session.execute(script) == .succeeded, "\(output.errors)")
        #expect(output.text.hasSuffix("report \(place("runs/first/report.html"))\n1 0\n"), "\(output.text)")
        let html = try page("runs/first/report.html")
        for name in ["curves", "figures", "neighbours", "confusion", "map", "cost", "script", "origin"] { #expect(html.contains("<section id=\"\(name)\">"), "\(name)") }
        // The drawn queries and the surest mistakes; at most as many of each as were asked for.
        let queries = html.matches(of: /class="picture asked"/).count
        #expect((3...6).contains(queries), "\(queries)")
        #expect(html.matches(of: /class="picture (right|wrong)"/).count == queries * 2)
        #expect(html.matches(of: /<circle r="5"/).count == 16)
        #expect(html.contains("t-SNE") && html.contains("principal components"))
        // Intervals are made from the answers that `eval` kept.
        #expect(html.contains("last epoch: epoch 3") && html.contains("<small>") && html.contains("R@2"))
        #expect(html.contains("<span class=\"t-command\">train</span>") && html.contains("# default"))
        #expect(html.contains("trained values"))
        // The session is as it was.
        #expect(session.execute("eval recall=1") == .succeeded, "\(output.errors)")
    }

    @Test func severalRunsBesideEachOther() throws {
        let (session, output) = place.session()
        let script = place.tiny + """
            train epochs=2 batch=4 evaluate=1 name=one
            eval
            optim adamw lr=1e-2 proxy-lr=1e-2
            train epochs=2 batch=4 evaluate=1 name=two
            eval

            """
        #expect(session.execute(script) == .succeeded, "\(output.errors)")
        let comparison = "report [\"\(place("runs/one"))\", \"\(place("runs/two"))\"] queries=2 k=3 -> page\n"
        #expect(session.execute(comparison) == .succeeded, "\(output.errors)")
        let html = try page("runs/comparison.html")
        #expect(html.contains("2 runs beside each other") && html.contains("Settings that differ"))
        #expect(html.contains("<td>optim.lr</td><td>0.001</td><td>0.01</td>"))
        #expect(html.contains("McNemar"))
        // Two queries, asked of both.
        #expect(html.matches(of: /class="picture asked"/).count == 2)
        #expect(html.matches(of: /class="picture (right|wrong)"/).count == 12)
        #expect(html.matches(of: /class="map" id=/).count == 2)
        #expect(session.execute("report [\"\(place("runs/one"))\", \"\(place("runs/one"))\"]") == .failed)
        #expect(output.errors.contains("named twice"))
    }

    @Test func whatIsGoneIsSaid() throws {
        let (session, output) = place.session()
        #expect(session.execute(place.tiny + "train epochs=1 batch=4 name=lost\n") == .succeeded, "\(output.errors)")
        try FileManager.default.removeItem(atPath: place("birds"))
        let (later, text) = place.session()
        #expect(later.execute("report \"\(place("runs/lost"))\" -> page\nprint $page.missing") == .succeeded, "\(text.errors)")
        #expect(text.text.contains("note: lost: ") && text.text.hasSuffix("\n1\n"), "\(text.text)")
        let html = try page("runs/lost/report.html")
        #expect(html.contains("class=\"note\"") && html.contains("no neighbours, mistaken classes and map"))
        #expect(!html.contains("<section id=\"map\">") && html.contains("<section id=\"curves\">"))
        // Nothing is missing of what nobody asked for.
        #expect(later.execute("report \"\(place("runs/lost"))\" brief -> page\nprint $page.missing") == .succeeded)
        #expect(text.text.hasSuffix("\n0\n"))
    }

    @Test func whatIsNoRunIsRefused() throws {
        let (session, output) = place.session()
        #expect(session.execute("report \"\(place("birds"))\"") == .inputMissing)
        #expect(output.errors.contains("is not the folder of a run"))
        #expect(session.execute("report") == .rejected)
        #expect(session.execute("plot") == .rejected)
        // A model that was saved by itself is of no run.
        #expect(session.execute(place.tiny + "train epochs=1 batch=4 name=a\nsave \"\(place("m.safetensors"))\"\nrestore \"\(place("m.safetensors"))\"\nreport\n") == .failed)
        #expect(output.errors.contains("belongs to no run"), "\(output.errors)")
    }

    /// Events that another program is writing, or that are damaged, take nothing else away.
    @Test func damagedEvents() throws {
        let (session, output) = place.session()
        #expect(session.execute(place.tiny + "train epochs=2 batch=4 name=torn\n") == .succeeded, "\(output.errors)")
        let path = place("runs/torn/events.jsonl")
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        for cut in [0, 1, whole.count / 2, whole.count - 1] {
            try (whole.prefix(cut) + Data("{\"event\":\"step\",\"loss\":\"x\"}\n\u{0}\u{FF}{".utf8)).write(to: URL(fileURLWithPath: path))
            #expect(session.execute("report \"\(place("runs/torn"))\" brief") == .succeeded, "\(output.errors)")
        }
    }

    @Test func curvesOnTheTerminalAndAsPictures() throws {
        let (session, output) = place.session()
        let script = place.tiny + """
            train epochs=3 batch=4 evaluate=1 name=drawn
            plot -> loss
            plot rate log
            plot recall output="\(place("recall.svg"))"
            plot map output="\(place("map.png"))"
            print "{$loss.points} {$loss.series}"

            """
        #expect(session.execute(script) == .succeeded, "\(output.errors)")
        #expect(output.text.hasSuffix("3 1\n"), "\(output.text)")
        #expect(output.text.contains("loss of drawn") && output.text.contains("R@1 of drawn  (R@1 [%])"))
        #expect(output.text.split(separator: "\n").allSatisfy { $0.count <= 80 || $0.contains("/") || $0.contains("train") || $0.contains("R@") })
        #expect(String(decoding: try place.bytes("recall.svg"), as: UTF8.self).hasPrefix("<?xml"))
        let picture = try ImageDecoder.decode(path: place("map.png"))
        #expect(picture.width == 960 && picture.height == 540)
        #expect(session.execute(place.tiny + "train epochs=1 batch=4 name=bare\nplot recall\n") == .inputMissing)
        #expect(output.errors.contains("`train … evaluate=1` measures it"), "\(output.errors)")
    }
}
