internal import Foundation

extension RunFolder {
    /// Files that lists of runs are made of; only the first must be there.
    package static let recordFiles = ["manifest.json", "metrics.json", tagsName]

    private struct Tags: Codable { var tags: [String] }

    /// Words that somebody gave the run to find it by, sorted.
    /// - Throws: ``ExperimentError`` when their file is damaged.
    public func tags() throws -> [String] {
        let file = path + "/" + Self.tagsName
        guard FileManager.default.fileExists(atPath: file) else { return [] }
        return try JSONFile.decode(Tags.self, from: contents(of: file), name: file).tags
    }

    package func write(tags: [String]) throws {
        try write(JSONFile.encode(Tags(tags: tags), pretty: true) + [UInt8(ascii: "\n")], to: Self.tagsName)
    }
}
