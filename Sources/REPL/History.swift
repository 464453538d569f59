internal import Glibc

/// What was typed in earlier sessions: a file that several sessions may append to at once.
///
/// One entry a line; `\n` and `\\` inside stand for a line feed and a backslash.
package struct History {
    /// More entries than this in the file, and it is cut to the newest half when it is read.
    package static let mostEntries = 2 * LineEditor.rememberedEntries

    let path: String

    package init(path: String) {
        self.path = path
    }

    /// `$XDG_STATE_HOME/vptsp/history`, else `~/.local/state/vptsp/history`; nil without a home.
    package static func defaultPath(environment: (String) -> String?) -> String? {
        if let state = environment("XDG_STATE_HOME"), state.hasPrefix("/") { return state + "/vptsp/history" }
        guard let home = environment("HOME"), !home.isEmpty else { return nil }
        return home + "/.local/state/vptsp/history"
    }

    /// The entries, oldest first; none when there is no file yet.
    package func load() throws -> [String] {
        guard access(path, F_OK) == 0 else { return [] }
        let file = try LockedFile(path, flags: O_RDWR)
        defer { file.unlock() }
        let lines = try file.readAll().split(separator: UInt8(ascii: "\n"))
        guard lines.count > Self.mostEntries else { return lines.map(Self.decode) }
        let kept = lines.suffix(LineEditor.rememberedEntries)
        try file.replace(with: Array(kept.joined(separator: [UInt8(ascii: "\n")])) + [UInt8(ascii: "\n")])
        return kept.map(Self.decode)
    }

    /// Adds one entry at the end of the file, making file and folders when they are missing.
    package func append(_ entry: String) throws {
        try Self.makeFolders(of: path)
        let file = try LockedFile(path, flags: O_WRONLY | O_APPEND | O_CREAT)
        defer { file.unlock() }
        try file.write(Self.encode(entry))
    }

    private static func encode(_ entry: String) -> [UInt8] {
        var line: [UInt8] = []
        for byte in entry.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): line += [UInt8(ascii: "\\"), UInt8(ascii: "\\")]
            case UInt8(ascii: "\n"): line += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            default: line.append(byte)
            }
        }
        return line + [UInt8(ascii: "\n")]
    }

    private static func decode(_ line: ArraySlice<UInt8>) -> String {
        var entry: [UInt8] = []
        var escaped = false
        for byte in line {
            if escaped {
                entry.append(byte == UInt8(ascii: "n") ? UInt8(ascii: "\n") : byte)
                escaped = false
            } else if byte == UInt8(ascii: "\\") {
                escaped = true
            } else if byte != 0 {
                entry.append(byte)
            }
        }
        return String(decoding: entry, as: UTF8.self)
    }

    /// For the owner's eyes only, as the XDG base directory specification asks.
    private static func makeFolders(of path: String) throws {
        var folder = ""
        for part in path.split(separator: "/").dropLast() {
            folder += "/" + part
            if mkdir(folder, 0o700) != 0, errno != EEXIST { throw FileFailure("cannot make the folder", folder) }
        }
    }
}
