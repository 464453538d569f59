public import Foundation

/// The folder that holds the pages of ``ReferencePages``.
public struct ReferenceFolder {
    private let url: URL

    public init(_ url: URL) {
        self.url = url
    }

    /// Names of pages that are missing, differ, or should not be there.
    public func stale() throws -> [String] {
        let pages = ReferencePages.all()
        let differing = pages.filter { page in
            (try? Data(contentsOf: url.appendingPathComponent(page.name))) != Data(page.text.utf8)
        }
        return (differing.map(\.name) + leftOver()).sorted()
    }

    /// Writes what is stale, and removes pages of commands that are no more.
    public func write() throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        let stale = Set(try stale())
        for page in ReferencePages.all() where stale.contains(page.name) {
            try Data(page.text.utf8).write(to: url.appendingPathComponent(page.name), options: .atomic)
        }
        for name in leftOver() { try FileManager.default.removeItem(at: url.appendingPathComponent(name)) }
    }

    private func leftOver() -> [String] {
        let names = Set(ReferencePages.all().map(\.name))
        let present = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        return present.filter { $0.hasSuffix(".md") && !names.contains($0) }
    }
}
