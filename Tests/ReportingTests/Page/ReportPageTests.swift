import Foundation
import ImageData
import Reporting
import Testing

/// A page of every kind of block, with names that would be markup.
struct ReportPageTests {
    static let hostile = "<script>alert('x')</script> & \"y\" </pre> {{z}}"

    static func image(_ color: UInt8, side: Int = 30) throws -> RGBImage {
        RGBImage(width: side, height: side, pixels: [UInt8](repeating: color, count: side * side * 3))
    }

    static func page() throws -> ReportPage {
        let picture = NeighbourRows.Picture(try PageImage(image(90), side: 20), name: hostile, className: hostile)
        let chart = Chart(hostile, x: "epoch", y: "loss", series: [
            .init(hostile, [.init(1, 3), .init(2, 2), .init(3, .nan), .init(4, 1)], style: .dotted), .init("b", [.init(1, 2), .init(4, 2)], color: 1),
        ])
        let map = EmbeddingMap(
            layouts: [
                .init("t-SNE", note: hostile, points: [.init(0, 0), .init(1, 2), .init(3, 1), .init(4, 4)]), .init("PCA", note: "b", points: [.init(5, 0), .init(1, 2), .init(3, 1), .init(0, 4)]),
            ], names: [hostile, "b", "c", "d"], labels: [0, 0, 1, 1], classes: [hostile, "two"], sheet: try PictureSheet([image(1), image(2), image(3, side: 80), image(4)]))
        return ReportPage(
            title: hostile, subtitle: hostile, facts: [.init("R@1", "53.2 %", note: hostile)], notes: [hostile],
            sections: [
                .init("curves", "Curves", lead: hostile, [.charts([chart, chart])]),
                .init("figures", "Figures", [
                    .table(PageTable(hostile, columns: ["run", "R@1", "n"], rows: [
                        [.text(hostile), .interval(50, low: 48, high: 52), .number("12")], [.text("b"), .interval(60, low: 58, high: 63), .missing], [.text("short")],
                    ], rowColors: [0, 1, 9])),
                ]),
                .init("neighbours", "Neighbours", [.neighbours(NeighbourRows([.init(query: picture, answers: [
                    .init(title: hostile, color: 1, neighbours: [.init(picture, similarity: 0.91, isSameClass: true), .init(picture, similarity: .nan, isSameClass: false)])
                ])]))]),
                .init("confusion", "Mistaken", [
                    .confusedPairs([.init(asked: picture, taken: picture, count: 3, queries: 12)]),
                    .confusion(ConfusionMatrix(classes: [.init(hostile, image: picture.image), .init("b", image: nil)], shares: [[0.5, 0.25], [0, 1]], elsewhere: [0.25, 0])),
                ]),
                .init("map", "Map", [.maps([map])]),
                .init("cost", "Cost", [.shares(ShareBar(hostile, parts: [.init(hostile, 10, text: "10"), .init("none", 0, text: "0")])), .facts([.init(hostile, hostile, note: hostile)])]),
                .init("script", "Script", [
                    .listing(ScriptListing(hostile, pieces: [.init("# \(hostile)\n", .comment), .init("load", .command), .init(" vit-nano\n\n", .plain)])), .folded(hostile, [.note(hostile), .heading(hostile)]),
                ]),
                .init("empty", "Nothing", []),
            ], key: [hostile], colophon: hostile)
    }

    @Test func namesAreNeverMarkup() throws {
        let html = try Self.page().html()
        #expect(!html.contains("<script>alert"))
        #expect(!html.contains("</script> &"))
        #expect(html.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"))
        #expect(html.contains("\\u003cscript>"))
    }

    @Test func nothingIsAskedOfOthers() throws {
        let html = try Self.page().html()
        let allowed = "http://www.w3.org/2000/svg"
        let addresses = html.matches(of: /https?:\/\/[^"' )<]+/).map { String($0.output) }
        #expect(addresses.allSatisfy { $0 == allowed }, "\(addresses)")
        #expect(!html.contains("@import") && !html.contains("src=\"/") && !html.contains("<link rel=\"stylesheet"))
        #expect(html.contains("default-src 'none'"))
    }

    @Test func sectionsThatAreEmptyAreNotShown() throws {
        let html = try Self.page().html()
        #expect(!html.contains("id=\"empty\"") && !html.contains("href=\"#empty\""))
        for name in ["curves", "figures", "neighbours", "confusion", "map", "cost", "script"] {
            #expect(html.contains("<section id=\"\(name)\">") && html.contains("href=\"#\(name)\""))
        }
    }

    @Test func dataOfChartsAndMapsIsJSON() throws {
        let html = try Self.page().html()
        let texts = html.matches(of: /<script type="application\/json">(.*?)<\/script>/).map { String($0.output.1) }
        #expect(texts.count == 3)
        for text in texts { _ = try JSONSerialization.jsonObject(with: Data(text.utf8)) }
        let map = try #require(JSONSerialization.jsonObject(with: Data(texts[2].utf8)) as? [String: Any])
        #expect((map["names"] as? [String])?.first == Self.hostile)
        #expect((map["layouts"] as? [[Double]])?.map(\.count) == [8, 8])
    }

    @Test func picturesFitTheirTiles() throws {
        let large = try PageImage(RGBImage(width: 400, height: 10, pixels: [UInt8](repeating: 7, count: 12_000)), side: 100)
        #expect(large.width == 100 && large.height == 2)
        let small = try PageImage(Self.image(5, side: 9), side: 100)
        #expect(small.width == 9 && small.height == 9)
        #expect(large.address.hasPrefix("data:image/webp;base64,UklGR"))
    }

    @Test func aListingHasALineForEach() {
        let html = ScriptListing("", pieces: [.init("a\n\nb", .plain), .init("c\n", .string)]).html()
        #expect(html.matches(of: /class="l"/).count == 3)
        #expect(html.contains("b<span class=\"t-string\">c</span>"))
    }
}
