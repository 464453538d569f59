extension Chart {
    /// A whole SVG file, light or dark as its reader's system is.
    public func svg(width: Int = 960, height: Int = 540) -> String {
        let (light, dark) = (Self.style(ChartPalette.light, ["#1f2328", "#59636e", "#d7dbe0", "#ffffff"]), Self.style(ChartPalette.dark, ["#e6e9ee", "#9aa4b2", "#343b46", "#15181d"]))
        let style = "text{font:15px system-ui,\"DejaVu Sans\",sans-serif}\(light)@media(prefers-color-scheme:dark){\(dark)}"
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + drawing(width: Double(width), height: Double(height), isAlone: true, style: style) + "\n"
    }

    /// The drawing alone, for a page that has the colours, the title and the key: classes `axis`, `grid`, `tick`, `s0`…
    func embeddedSVG(width: Double, height: Double) -> String { drawing(width: width, height: height, isAlone: false, style: nil) }

    private static func style(_ palette: [String], _ tones: [String]) -> String {
        let series = palette.enumerated().map { ".s\($0){stroke:\($1);fill:\($1)}" }.joined()
        return ".ground{fill:\(tones[3])}.title{fill:\(tones[0]);font-weight:600}.tick,.axis-title,.key{fill:\(tones[1])}.grid{stroke:\(tones[2])}.axis{stroke:\(tones[1])}"
            + series + ".line{fill:none;stroke-width:2.2;stroke-linejoin:round;stroke-linecap:round}.faint{stroke-width:1;stroke-opacity:.5}.dot{stroke:none}"
    }

    private func drawing(width: Double, height: Double, isAlone: Bool, style: String?) -> String {
        // No font is at hand to measure with: a letter of a sans-serif is about half as wide as it is high.
        let layout = ChartLayout(self, width: width, height: height, isAlone: isAlone) { Double($0.count) * ChartLayout.letterHeight * 0.54 }
        var parts = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Self.text(width)) \(Self.text(height))\" role=\"img\" aria-label=\"\(HTML.escaped(title))\">"
        ]
        if let style { parts.append("<style>\(style)</style><rect class=\"ground\" width=\"100%\" height=\"100%\"/>") }
        if let title = layout.title { parts.append(Self.text(title, "title", anchor: "start")) }
        for key in layout.keys {
            parts.append("<path class=\"line s\(ChartPalette.index(key.color))\" d=\"M\(Self.text(key.label.x - 24)) \(Self.text(key.label.y - 5))h16\"/>" + Self.text(key.label, "key", anchor: "start"))
        }
        for tick in layout.yTicks {
            parts.append("<path class=\"grid\" d=\"M\(Self.text(layout.left)) \(Self.text(tick.y))H\(Self.text(layout.right))\"/>")
            parts.append(Self.text(.init(text: tick.text, x: tick.x, y: tick.y + 5), "tick", anchor: "end"))
        }
        for tick in layout.xTicks { parts.append(Self.text(tick, "tick", anchor: "middle")) }
        parts.append("<path class=\"axis\" d=\"M\(Self.text(layout.left)) \(Self.text(layout.bottom))H\(Self.text(layout.right))\"/>")
        parts.append(Self.text(layout.xTitle, "axis-title", anchor: "middle"))
        parts.append(
            "<text class=\"axis-title\" text-anchor=\"middle\" transform=\"translate(\(Self.text(layout.yTitle.x)) \(Self.text(layout.yTitle.y))) rotate(-90)\">\(HTML.escaped(layout.yTitle.text))</text>")
        for line in layout.lines { parts.append(Self.drawn(line)) }
        return parts.joined() + "</svg>"
    }

    private static func drawn(_ line: ChartLayout.Line) -> String {
        let color = "s\(ChartPalette.index(line.color))"
        let path = line.points.enumerated().map { "\($0 == 0 ? "M" : "L")\(text($1.x)) \(text($1.y))" }.joined()
        var drawn = "<path class=\"line \(color)\(line.style == .faint ? " faint" : "")\" d=\"\(path)\"/>"
        if line.style == .dotted || line.points.count == 1 {
            drawn += line.points.map { "<circle class=\"dot \(color)\" cx=\"\(text($0.x))\" cy=\"\(text($0.y))\" r=\"3.5\"/>" }.joined()
        }
        return drawn
    }

    private static func text(_ label: ChartLayout.Label, _ name: String, anchor: String) -> String {
        "<text class=\"\(name)\" text-anchor=\"\(anchor)\" x=\"\(text(label.x))\" y=\"\(text(label.y))\">\(HTML.escaped(label.text))</text>"
    }

    /// A coordinate: tenths of a pixel are enough.
    private static func text(_ value: Double) -> String {
        let text = NumberText.fixed(value, decimals: 1)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
