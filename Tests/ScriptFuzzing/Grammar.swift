import Foundation

extension EBNF {
    /// Grammar/vps.ebnf of this checkout.
    public static func vps() throws -> EBNF {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Grammar/vps.ebnf")
        return try EBNF(String(contentsOf: file.standardizedFileURL, encoding: .utf8))
    }
}
