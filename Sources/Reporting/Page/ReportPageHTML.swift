extension ReportPage {
    /// The page. It holds its pictures, its style and its program; a policy in its head forbids everything else.
    public func html() -> String {
        let shown = sections.filter { !$0.blocks.isEmpty }
        let links = shown.map { "<a href=\"#\($0.name)\">\(HTML.escaped($0.title))</a>" }.joined()
        var writer = BlockWriter()
        let body = shown.map { section in
            let lead = section.lead.isEmpty ? "" : "<p class=\"lead\">\(HTML.escaped(section.lead))</p>"
            return "<section id=\"\(section.name)\"><h2>\(HTML.escaped(section.title))</h2>\(lead)\n\(section.blocks.map { writer.html($0) }.joined(separator: "\n"))</section>"
        }.joined(separator: "\n")
        let notes = notes.map { "<p class=\"note\">\(HTML.escaped($0))</p>" }.joined()
        let key = key.isEmpty ? "" : "<ul class=\"key\">" + key.enumerated().map { "<li><i class=\"swatch b\(ChartPalette.index($0))\"></i>\(HTML.escaped($1))</li>" }.joined() + "</ul>"
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
            <link rel="icon" href="data:,">
            <title>\(HTML.escaped(title))</title>
            <style>\(PageStyle.text)</style>
            </head>
            <body>
            <header><div class="wrap"><p class="eyebrow">vptsp report</p><h1>\(HTML.escaped(title))</h1><p class="subtitle">\(HTML.escaped(subtitle))</p>\(facts.isEmpty ? "" : BlockWriter.tiles(facts))\(key)\(notes)</div></header>
            <nav aria-label="sections"><div class="wrap">\(links)</div></nav>
            <main class="wrap">
            \(body)
            </main>
            <footer class="wrap"><p>\(HTML.escaped(colophon))</p></footer>
            <div id="tip" role="status" hidden></div>
            <script>\(PageScript.text)</script>
            </body>
            </html>

            """
    }
}

/// Blocks as HTML; counts what needs a number in the page.
private struct BlockWriter {
    private var maps = 0

    mutating func html(_ block: ReportPage.Block) -> String {
        switch block {
        case .charts(let charts): return "<div class=\"charts\">\(charts.map(Self.chart).joined(separator: "\n"))</div>"
        case .table(let table): return table.html()
        case .neighbours(let rows): return rows.html()
        case .confusion(let matrix): return matrix.html()
        case .confusedPairs(let pairs): return ConfusedPair.html(pairs)
        case .maps(let several):
            return "<div class=\"maps\">" + several.map { map in
                maps += 1
                return map.html(number: maps)
            }.joined(separator: "\n") + "</div>"
        case .shares(let bar): return bar.html()
        case .listing(let listing): return listing.html()
        case .facts(let facts):
            return "<dl>" + facts.map { "<div><dt>\(HTML.escaped($0.name))</dt><dd>\(HTML.escaped($0.value))\($0.note.isEmpty ? "" : " <small>\(HTML.escaped($0.note))</small>")</dd></div>" }.joined() + "</dl>"
        case .note(let text): return "<p class=\"note\">\(HTML.escaped(text))</p>"
        case .heading(let text): return "<h3>\(HTML.escaped(text))</h3>"
        case .folded(let title, let blocks):
            return "<details><summary>\(HTML.escaped(title))</summary>\(blocks.map { html($0) }.joined(separator: "\n"))</details>"
        }
    }

    static func tiles(_ facts: [ReportPage.Fact]) -> String {
        "<ul class=\"tiles\">" + facts.map { fact in
            "<li><span>\(HTML.escaped(fact.name))</span><b>\(HTML.escaped(fact.value))</b><small>\(HTML.escaped(fact.note))</small></li>"
        }.joined() + "</ul>"
    }

    private static let width = 540.0, height = 300.0
    /// More points than that no screen shows apart.
    private static let mostPoints = 500

    private static func chart(_ chart: Chart) -> String {
        let thin = chart.thinned(to: mostPoints)
        let key = thin.named.count < 2 ? "" : "<ul class=\"key\">" + thin.named.map { "<li><i class=\"swatch b\(ChartPalette.index($0.color))\"></i>\(HTML.escaped($0.name))</li>" }.joined() + "</ul>"
        return "<figure class=\"chart\"><figcaption>\(HTML.escaped(chart.title))</figcaption>\(key)\(thin.embeddedSVG(width: width, height: height))<script type=\"application/json\">\(data(thin))</script></figure>"
    }

    /// Where the points are, for whoever points at them.
    private static func data(_ chart: Chart) -> String {
        let layout = ChartLayout(chart, width: width, height: height, isAlone: false) { Double($0.count) * ChartLayout.letterHeight * 0.54 }
        let series = chart.series.map { series in
            let points = series.points.filter(chart.isShown).map { point in
                let x = layout.left + (layout.right - layout.left) * layout.xAxis.place(point.x)
                let y = layout.bottom - (layout.bottom - layout.top) * layout.yAxis.place(point.y)
                return "[\(HTML.json(x, decimals: 1)),\(HTML.json(y, decimals: 1)),\(HTML.json(point.x, decimals: 3)),\(HTML.json(ChartAxis.told(point.y)))]"
            }
            return "{\"name\":\(HTML.json(series.name)),\"color\":\(ChartPalette.index(series.color)),\"points\":[\(points.joined(separator: ","))]}"
        }
        return "{\"x\":\(HTML.json(chart.xTitle)),\"top\":\(HTML.json(layout.top, decimals: 1)),\"bottom\":\(HTML.json(layout.bottom, decimals: 1)),\"width\":\(HTML.json(width, decimals: 0)),\"series\":[\(series.joined(separator: ","))]}"
    }
}
