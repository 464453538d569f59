public import Experiments
internal import Foundation
internal import TensorFiles

/// The runs below a folder: found through an index, true to their folders.
///
///     let store = RunStore(runs: "runs")
///     let listing = try store.listing()
///     try store.tag("first", add: ["baseline"])
public struct RunStore: Sendable {
    /// What was found.
    public struct Listing: Sendable {
        /// By name.
        public var runs: [RunRecord]
        /// Folders that look like runs and cannot be read, one line each.
        public var problems: [String]
        /// Why the index was not used, where it was not; the runs are then read from their folders.
        public var remark: String?
    }

    /// The folder of runs; need not be there.
    public let root: String

    public init(runs root: String) {
        self.root = root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root
    }

    private var indexPath: String { root + "/index.sqlite" }

    /// Every run, also those of sweeps.
    public func listing() -> Listing {
        let scan = RunScan(root)
        guard !scan.runs.isEmpty || FileManager.default.fileExists(atPath: indexPath) else { return Listing(runs: [], problems: []) }
        var listing: Listing
        do {
            listing = try indexed(scan)
        } catch {
            listing = Listing(runs: [], problems: [], remark: remark(error))
            for run in scan.runs {
                do {
                    listing.runs.append(try RunRecord(name: run.name, folder: RunFolder.open(run.path)))
                } catch {
                    listing.problems.append("\(run.name): \((error as? ExperimentError)?.message ?? "\(error)")")
                }
            }
            listing.runs.sort { $0.name < $1.name }
        }
        // Whether somebody is at work is asked at every listing: no file says so.
        for index in listing.runs.indices {
            if let folder = try? RunFolder.open(root + "/" + listing.runs[index].name), RunLock.isHeld(folder) { listing.runs[index].state = .running }
        }
        return listing
    }

    /// Through the index, which is made anew where it is damaged: then nobody else may have it open.
    private func indexed(_ scan: RunScan) throws(RunIndex.Trouble) -> Listing {
        do {
            let lock = try StoreLock(root, isExclusive: false)
            defer { withExtendedLifetime(lock) {} }
            return try listing(scan)
        } catch {
            guard case .damaged = error else { throw error }
        }
        let lock = try StoreLock(root, isExclusive: true)
        defer { withExtendedLifetime(lock) {} }
        // Another process may have been faster.
        do { return try listing(scan) } catch { guard case .damaged = error else { throw error } }
        for suffix in ["", "-wal", "-shm"] { unlink(indexPath + suffix) }
        return try listing(scan)
    }

    private func listing(_ scan: RunScan) throws(RunIndex.Trouble) -> Listing {
        let index = try RunIndex(path: indexPath)
        let problems = try index.update(to: scan)
        return Listing(runs: try index.records(), problems: problems.map { "\($0.name): \($0.reason)" })
    }

    private func remark(_ trouble: RunIndex.Trouble) -> String {
        switch trouble {
        case .newer:
            "\(indexPath) was written by a newer version of vptsp, and this one leaves it as it is: the runs are read from their folders"
        case .damaged(let reason), .unusable(let reason):
            "\(indexPath) cannot be used (\(reason)): the runs are read from their folders"
        }
    }

    // MARK: Changes

    /// The folder of a run, by its path or by its name below the folder of runs.
    /// - Throws: ``ExperimentError`` when it is neither.
    public func folder(of run: String) throws -> RunFolder {
        let below = root + "/" + run
        let files = FileManager.default
        return try RunFolder.open(!run.hasPrefix("/") && files.fileExists(atPath: below + "/manifest.json") ? below : run)
    }

    /// Adds and takes away tags; they are kept in the run's folder.
    /// - Returns: the tags that it has then, sorted.
    /// - Throws: ``ExperimentError`` for a tag of other characters than names have, and when the folder cannot be written.
    @discardableResult
    public func tag(_ run: String, add: [String] = [], remove: [String] = []) throws -> [String] {
        for tag in add where !RunName.isValid(tag) {
            throw ExperimentError(.specification, "`\(tag)` cannot be a tag", help: ["use letters, digits, `-`, `_` and `.`, not at the start a `.`"])
        }
        let folder = try folder(of: run)
        // Between the reading and the writing nobody else may change them.
        let lock: StoreLock
        do { lock = try StoreLock(root, isExclusive: true) } catch { throw ExperimentError(.input, "\(root) cannot be written: \(error.reason)") }
        defer { withExtendedLifetime(lock) {} }
        let before = try folder.tags()
        let tags = Set(before).union(add).subtracting(remove).sorted()
        if tags != before { try folder.write(tags: tags) }
        return tags
    }

    /// Removes the folders of runs, each whole or not at all.
    /// - Returns: bytes that were freed.
    /// - Throws: ``ExperimentError`` for a run that a process is at work on, before any is removed.
    @discardableResult
    public func remove(_ runs: [String]) throws -> Int {
        let folders = try runs.map(folder)
        let locks = try folders.map(RunLock.init)
        defer { withExtendedLifetime(locks) {} }
        var bytes = 0
        for folder in folders {
            bytes += Self.size(folder.path)
            let (parent, name) = AtomicFile.split(folder.path)
            // Under another name nobody takes for a run what is half removed.
            let aside = "\(parent)/.removed-\(name)-\(getpid())"
            guard rename(folder.path, aside) == 0 else {
                throw ExperimentError(.running, "\(folder.path) cannot be removed: \(String(cString: strerror(errno)))")
            }
            do {
                try FileManager.default.removeItem(atPath: aside)
            } catch {
                throw ExperimentError(.running, "what is left of \(folder.path) cannot be removed: \(describe(error))", help: ["it lies in \(aside)"])
            }
        }
        return bytes
    }

    /// Bytes that the files of runs take on the disk.
    public func size(of runs: [String]) throws -> Int { try runs.map { Self.size(try folder(of: $0).path) }.reduce(0, +) }

    private static func size(_ path: String) -> Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.reduce(0) { sum, name in
            var status = stat()
            return stat(path + "/" + name, &status) == 0 ? sum + Int(status.st_blocks) * 512 : sum
        }
    }
}
