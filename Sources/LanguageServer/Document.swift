internal import Foundation
import Diagnostics
import VPSAnalysis
import VPSSyntax

/// A script as an editor has it open, or as it lies on disk.
struct Document {
    let uri: String
    /// Empty where the URI names no file.
    let path: String
    let text: [UInt8]
    let places: TextPlaces
    let result: ParseResult
    let index: NameIndex

    init(uri: String, text: [UInt8]) {
        self.uri = uri
        self.text = text
        path = Self.path(of: uri)
        places = TextPlaces(text)
        result = Parser.parse(text, file: 0)
        index = NameIndex(result.script)
    }

    /// With changes as `textDocument/didChange` lists them; what is no change is passed over.
    func changed(by changes: [JSON]) -> Document {
        var text = text
        for change in changes {
            guard let new = change["text"].string else { continue }
            if change["range"] == .null {
                text = Array(new.utf8)
            } else if let range = TextPlaces(text).offsets(of: change["range"]) {
                text.replaceSubrange(range, with: new.utf8)
            }
        }
        return Document(uri: uri, text: text)
    }

    static func path(of uri: String) -> String {
        guard uri.hasPrefix("file://"), let url = URL(string: uri), url.isFileURL else { return "" }
        return url.path
    }

    static func uri(of path: String) -> String { URL(fileURLWithPath: path).absoluteString }
}
