internal import TensorFiles

/// Text for HTML and SVG.
enum HTML {
    /// Between tags and inside of quoted attributes.
    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            // Control characters are not allowed in a page.
            case "\u{0}"..."\u{8}", "\u{B}"..."\u{1F}", "\u{7F}": result += "\u{FFFD}"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }

    /// A text as JSON, safe inside of a `script` element.
    static func json(_ text: String) -> String {
        quotedJSON(text).replacing("<", with: "\\u003c")
    }

    /// A number as JSON with so many decimals, without zeros at its end; `null` for one that is not finite.
    static func json(_ value: Double, decimals: Int) -> String {
        guard value.isFinite else { return "null" }
        var text = NumberText.fixed(value, decimals: decimals)
        if text.contains(".") {
            while text.hasSuffix("0") { text.removeLast() }
            if text.hasSuffix(".") { text.removeLast() }
        }
        return text == "-0" ? "0" : text
    }

    static func json(_ texts: [String]) -> String { "[" + texts.map(json).joined(separator: ",") + "]" }
}
