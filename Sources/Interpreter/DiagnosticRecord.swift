internal import Diagnostics
internal import Foundation

/// A diagnostic for other programs: `vptsp check --json`.
public struct DiagnosticRecord: Codable, Sendable {
    /// A stretch of a file: lines and columns from 1, columns in characters; the end is behind the last character.
    public struct Place: Codable, Sendable {
        public var file: String
        public var line: Int
        public var column: Int
        public var endLine: Int
        public var endColumn: Int

        init?(_ span: SourceSpan?, in sources: SourceMap) {
            guard let span, let file = sources[span.file] else { return nil }
            self.file = file.name
            line = file.line(of: span.lower)
            column = file.column(of: span.lower)
            endLine = file.line(of: span.upper)
            endColumn = file.column(of: span.upper)
        }
    }

    public struct Note: Codable, Sendable {
        public var message: String
        public var place: Place?
    }

    public var severity: String
    public var code: String
    public var message: String
    public var place: Place?
    public var label: String?
    public var help: [String]
    public var notes: [Note]

    init(_ diagnostic: Diagnostic, in sources: SourceMap) {
        severity = diagnostic.severity.rawValue
        code = diagnostic.code
        message = diagnostic.message
        place = Place(diagnostic.span, in: sources)
        label = diagnostic.label
        help = diagnostic.help
        notes = diagnostic.notes.map { Note(message: $0.message, place: Place($0.span, in: sources)) }
    }

    public static func json(_ records: [DiagnosticRecord]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(records), as: UTF8.self)
    }
}
