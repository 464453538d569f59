import Reporting
internal import VPSSyntax

extension ScriptListing {
    /// A script with the colours of the language; text that is no script stays plain.
    init(_ title: String, highlighting text: String) {
        self.init(title, pieces: Highlighter.pieces(of: text).map { Piece($0.text, Kind($0.kind)) })
    }
}

extension ScriptListing.Kind {
    fileprivate init(_ kind: Highlighter.Kind) {
        self = switch kind {
        case .plain: .plain
        case .keyword: .keyword
        case .command: .command
        case .option: .option
        case .number: .number
        case .string: .string
        case .variable: .variable
        case .comment: .comment
        case .symbol: .symbol
        }
    }
}
