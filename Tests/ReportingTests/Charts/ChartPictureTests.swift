import Foundation
#if canImport(FoundationXML)
import FoundationXML
#endif
import ImageData
import Reporting
import Testing

struct ChartPictureTests {
    private let chart = Chart(
        "loss of <a> & \"b\"", x: "epoch", y: "loss",
        series: [
            Chart.Series("run <1>", [.init(1, 4), .init(2, 2), .init(3, 1)], style: .dotted), Chart.Series("run 2", [.init(1, 3), .init(2, .nan), .init(3, 2)], color: 1),
            Chart.Series("step", (0..<50).map { .init(1 + Double($0) / 25, Double($0 % 7)) }, style: .faint),
        ])

    private final class Collector: NSObject, XMLParserDelegate {
        var elements: [String] = []
        var text = ""

        func parser(_ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?, attributes: [String: String]) { elements.append(name) }
        func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
    }

    @Test func svgIsXMLWithItsText() throws {
        let parser = XMLParser(data: Data(chart.svg().utf8))
        let found = Collector()
        parser.delegate = found
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
        #expect(found.elements.first == "svg")
        // Three dots of the first; the second is two pieces of one point each around its gap.
        #expect(found.elements.count { $0 == "circle" } == 5)
        #expect(found.text.contains("loss of <a> & \"b\"") && found.text.contains("run <1>") && found.text.contains("epoch"))
        #expect(!chart.svg().contains("NaN") && !chart.svg().contains("nan,"))
    }

    @Test func pngShowsLinesInTheirColours() throws {
        let picture = try chart.picture(width: 480, height: 320)
        #expect(picture.width == 480 && picture.height == 320)
        func count(_ color: [UInt8]) -> Int { (0..<480 * 320).count { Array(picture.pixels[$0 * 3..<$0 * 3 + 3]) == color } }
        #expect(count([0x25, 0x63, 0xEB]) > 200)
        #expect(count([0xD9, 0x48, 0x0F]) > 20)
        // Text is dark, and most of the ground is white.
        #expect(count([255, 255, 255]) > 480 * 320 / 2)
        #expect(try chart.picture(width: 480, height: 320) == picture)
    }

    @Test func lettersWithoutAPictureAreBoxes() throws {
        let strange = Chart("漢字 \u{202E} é µ", x: "", y: "", series: chart.series)
        #expect(try strange.picture(width: 300, height: 200).width == 300)
    }

    @Test(arguments: [(1, 1), (20, 500), (700, 30)]) func anySize(_ width: Int, _ height: Int) throws {
        #expect(try chart.picture(width: width, height: height).height == height)
        _ = chart.svg(width: width, height: height)
    }
}
