import Foundation
import Interpreter
import Testing

/// A page in a browser: nothing goes wrong in it, it asks nothing of anyone, and it answers who points at it.
@Suite(.serialized) struct ReportBrowserTests {
    static let browser = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].first { FileManager.default.isExecutableFile(atPath: $0) }

    private struct Findings: Decodable {
        /// Errors of its program, and what its policy turned away.
        let problems: [String]
        /// What it fetched, beyond what it holds.
        let fetched: [String]
        let charts, rows, maps: Int
        /// What it says of the first chart and of the map when they are pointed at.
        let chartTip, mapTip: String
        let moved, wide: Bool
    }

    @Test(.enabled(if: browser != nil, "no chromium here: apt-get install chromium")) func aPageWorks() throws {
        let place = try Workplace()
        try place.pictures("birds")
        let (session, output) = place.session()
        #expect(session.execute(place.tiny + "train epochs=3 batch=4 evaluate=1 name=seen\neval\nreport queries=2 k=2 output=\"\(place("page.html"))\"\n") == .succeeded, "\(output.errors)")
        let page = String(decoding: try place.bytes("page.html"), as: UTF8.self)
        let watched = page.replacingOccurrences(of: "<head>", with: "<head><script>\(Self.watch)</script>").replacingOccurrences(of: "</body>", with: "<script>\(Self.probe)</script></body>")
        try place.write(watched, to: "watched.html")
        for width in [390, 1280] {
            let found = try findings(place, width: width)
            #expect(found.problems.isEmpty, "\(found.problems)")
            #expect(found.fetched.isEmpty, "\(found.fetched)")
            #expect(found.charts >= 4 && found.rows >= 2 && found.maps == 1)
            #expect(found.chartTip.hasPrefix("epoch "), "\(found.chartTip)")
            #expect(found.mapTip.contains("class0"), "\(found.mapTip)")
            #expect(found.moved)
            #expect(!found.wide, "the page is wider than the window of \(width)")
        }
    }

    private static let watch = """
        window.problems=[];addEventListener("error",e=>problems.push(String(e.message)));addEventListener("securitypolicyviolation",e=>problems.push("policy: "+e.blockedURI));
        const said=console.error;console.error=(...a)=>{problems.push(a.join(" "));said(...a)};
        """

    private static let probe = """
        const answer={problems,charts:document.querySelectorAll(".chart svg").length,rows:document.querySelectorAll(".query").length,maps:document.querySelectorAll(".map svg").length};
        const at=(e,x,y,kind)=>{const r=e.getBoundingClientRect();e.dispatchEvent(new PointerEvent(kind||"pointermove",{clientX:r.left+r.width*x,clientY:r.top+r.height*y,bubbles:true}))};
        at(document.querySelector(".chart svg"),.6,.5);answer.chartTip=tip.hidden?"":tip.textContent;
        at(document.querySelector(".chart svg"),.6,.5,"pointerleave");
        const map=document.querySelector(".map svg"),dot=map.querySelector("circle"),data=JSON.parse(document.querySelector(".map script").textContent);
        at(map,data.layouts[0][0]/1000,data.layouts[0][1]/1000);answer.mapTip=tip.hidden?"":tip.textContent;
        const before=dot.style.transform;document.querySelectorAll(".map button")[1].click();answer.moved=dot.style.transform!==before;
        answer.wide=document.documentElement.scrollWidth>document.documentElement.clientWidth;
        answer.fetched=performance.getEntriesByType("resource").map(e=>e.name).filter(n=>!n.startsWith("data:"));
        document.body.dataset.found=JSON.stringify(answer);
        """

    private func findings(_ place: Workplace, width: Int) throws -> Findings {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(Self.browser))
        process.arguments = [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND", "--window-size=\(width),900",
            "--user-data-dir=\(place("browser"))", "--dump-dom", "file://" + place("watched.html"),
        ]
        let (dom, log) = (place("dom.html"), place("log"))
        for path in [dom, log] { try Data().write(to: URL(fileURLWithPath: path)) }
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: dom))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
        try process.run()
        process.waitUntilExit()
        let text = String(decoding: try place.bytes("dom.html"), as: UTF8.self)
        let said = String(decoding: try place.bytes("log"), as: UTF8.self)
        let found = try #require(text.firstMatch(of: /data-found="([^"]*)"/), "\(said.suffix(2000))").output.1
        let json = found.replacingOccurrences(of: "&quot;", with: "\"").replacingOccurrences(of: "&lt;", with: "<").replacingOccurrences(of: "&gt;", with: ">").replacingOccurrences(of: "&amp;", with: "&")
        return try JSONDecoder().decode(Findings.self, from: Data(json.utf8))
    }
}
