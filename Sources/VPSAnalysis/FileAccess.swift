internal import Foundation

public enum FileKind: Sendable { case file, folder }

/// The files that a check looks at; tests put others in their place.
public protocol FileAccess: Sendable {
    /// Nil when nothing is there.
    func kind(of path: String) -> FileKind?
    func contents(of path: String) throws -> [UInt8]
    /// Names inside a folder, sorted; empty when it cannot be read.
    func names(in folder: String) -> [String]
}

/// The real ones, relative to the working directory.
public struct LocalFiles: FileAccess {
    public init() {}

    public func kind(of path: String) -> FileKind? {
        var isFolder: ObjCBool = false
        guard !path.isEmpty, FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return nil }
        return isFolder.boolValue ? .folder : .file
    }

    public func contents(of path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    public func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []).sorted()
    }
}

public enum PathText {
    /// `~` and `~/…` with the home folder in its place.
    public static func expanded(_ path: String) -> String {
        guard path == "~" || path.hasPrefix("~/"), let home = ProcessInfo.processInfo.environment["HOME"], !home.isEmpty
        else { return path }
        return home + path.dropFirst()
    }

    /// A path as it stands in a file of `folder`.
    public static func resolved(_ path: String, in folder: String) -> String {
        let path = expanded(path)
        return path.hasPrefix("/") || folder.isEmpty || folder == "." ? path : "\(folder)/\(path)"
    }

    /// Everything before the last `/`; empty when there is none.
    public static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Everything after the last `/`.
    public static func name(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }

    /// Without `.`, `x/..` and doubled slashes, so that one file has one name.
    static func standardized(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
        }
        return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
    }
}
