internal import Experiments
internal import Foundation

/// The folders of runs that are there, each with a stamp that changes whenever one of its files is replaced.
struct RunScan {
    struct Found {
        let name: String
        let path: String
        let stamp: String
    }

    let runs: [Found]

    /// - Parameter root: folder of runs; need not be there.
    init(_ root: String) {
        var found: [Found] = []
        func add(_ name: String) {
            let path = root + "/" + name
            if let stamp = Self.stamp(path) { found.append(Found(name: name, path: path, stamp: stamp)) }
        }
        for name in Self.folders(root) where name != "sweeps" { add(name) }
        for sweep in Self.folders(root + "/sweeps") {
            let cells = "sweeps/\(sweep)/cells"
            for cell in Self.folders("\(root)/\(cells)") {
                for run in Self.folders("\(root)/\(cells)/\(cell)") { add("\(cells)/\(cell)/\(run)") }
            }
        }
        runs = found
    }

    private static func folders(_ path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            // File systems that do not tell say "unknown"; what has no manifest is left out later anyway.
            guard [UInt8(DT_DIR), UInt8(DT_LNK), UInt8(DT_UNKNOWN)].contains(entry.pointee.d_type) else { continue }
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    /// Inode, size and time of change of the files that a record is made of; nil for what is no run. A file that is replaced
    /// has another inode, whatever its time says.
    private static func stamp(_ path: String) -> String? {
        var parts: [String] = []
        for file in RunFolder.recordFiles {
            var status = stat()
            guard stat(path + "/" + file, &status) == 0 else {
                if file == RunFolder.recordFiles.first { return nil }
                parts.append("-")
                continue
            }
            parts.append("\(status.st_ino):\(status.st_size):\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)")
        }
        return parts.joined(separator: " ")
    }
}
