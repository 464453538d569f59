internal import Foundation
internal import TensorFiles

/// One run on disk: `runs/<name>/` with `script.vps`, `resolved.vps`, `manifest.json`, `events.jsonl`, `metrics.json`,
/// `checkpoint.safetensors` and the one before it, the models of the chosen and of the best epoch as `epoch-<n>.safetensors`, the
/// answers of single queries that `eval` keeps, with `update=touched` `class-prompts.bank`, `tags.json` once it has tags, and the
/// `lock` of whoever writes. Nothing in it is ever written half: files appear whole.
public struct RunFolder: Sendable, Equatable {
    public let path: String

    public var checkpointPath: String { path + "/checkpoint.safetensors" }
    var bankPath: String { path + "/" + ClassPromptBank.name }
    var manifestPath: String { path + "/manifest.json" }
    var eventsPath: String { path + "/events.jsonl" }
    var metricsPath: String { path + "/metrics.json" }

    /// The model after an epoch, counted from 0; the name counts from 1.
    func modelPath(epoch: Int) -> String { path + "/\(Self.modelPrefix)\(epoch + 1)\(Self.modelSuffix)" }

    static let tagsName = "tags.json"

    private static let modelPrefix = "epoch-"
    private static let modelSuffix = ".safetensors"

    /// Removes the models of all other epochs.
    func removeModels(except epochs: Set<Int>) {
        guard isKept else { return }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        for name in names where name.hasPrefix(Self.modelPrefix) && name.hasSuffix(Self.modelSuffix) {
            guard let number = Int(name.dropFirst(Self.modelPrefix.count).dropLast(Self.modelSuffix.count)), !epochs.contains(number - 1) else { continue }
            try? FileManager.default.removeItem(atPath: path + "/" + name)
        }
    }

    /// False where another process writes it: then nothing is written here, and it need not be there.
    let isKept: Bool

    private init(path: String, isKept: Bool = true) { (self.path, self.isKept) = (path, isKept) }

    /// The same folder as a process sees it.
    /// - Parameter isKept: whether this process writes it
    func seen(isKept: Bool) -> RunFolder { RunFolder(path: path, isKept: isKept) }

    /// One that another process has made.
    static func elsewhere(_ path: String) -> RunFolder { RunFolder(path: path, isKept: false) }

    /// Makes a new folder and proves that it can be written, before any work begins.
    /// - Parameters:
    ///   - parent: `runs` beside the script.
    ///   - name: a name that is taken gets `-2`, `-3`, … behind it.
    /// - Throws: ``ExperimentError`` when the folder cannot be made or written.
    public static func create(in parent: String, name: String) throws -> RunFolder {
        let files = FileManager.default
        do {
            try files.createDirectory(atPath: parent, withIntermediateDirectories: true)
            for number in 1...100_000 {
                let path = "\(parent)/\(name)" + (number == 1 ? "" : "-\(number)")
                // The making itself says whether the name is taken: another process may want the same one at this moment.
                guard mkdir(path, 0o777) == 0 else {
                    if errno == EEXIST { continue }
                    throw NSError(domain: NSPOSIXErrorDomain, code: Int(errno))
                }
                let folder = RunFolder(path: path)
                // The log is the first thing that training writes; a folder that cannot hold it is of no use.
                try AtomicFile.write([], to: folder.eventsPath)
                return folder
            }
        } catch {
            throw ExperimentError(
                .input, "no run can be kept under \(parent): \(describe(error))",
                help: ["make \(parent) a folder that you may write to, or run from another working directory"])
        }
        throw ExperimentError(.input, "100,000 runs under \(parent) are called \(name)", help: ["choose another name"])
    }

    /// A run that is there.
    /// - Throws: ``ExperimentError`` when `path` is not the folder of a run.
    public static func open(_ path: String) throws -> RunFolder {
        let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        let folder = RunFolder(path: trimmed)
        guard FileManager.default.fileExists(atPath: folder.manifestPath) else {
            let reason = FileManager.default.fileExists(atPath: trimmed) ? "it has no manifest.json" : "there is no such folder"
            throw ExperimentError(
                .input, "\(path) is not the folder of a run: \(reason)",
                help: ["`vptsp runs` lists those under runs/, `train` makes one there and prints its name"])
        }
        return folder
    }

    public func manifest() throws -> RunManifest {
        try JSONFile.decode(RunManifest.self, from: contents(of: manifestPath), name: manifestPath)
    }

    /// The script as typed.
    public func script() throws -> String { String(decoding: try contents(of: path + "/script.vps"), as: UTF8.self) }

    /// Figures measured so far; empty for a run that measured none.
    public func metrics() throws -> RunMetrics {
        guard FileManager.default.fileExists(atPath: metricsPath) else { return RunMetrics() }
        return try JSONFile.decode(RunMetrics.self, from: contents(of: metricsPath), name: metricsPath)
    }

    func contents(of path: String) throws -> [UInt8] {
        do {
            return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw ExperimentError(.input, "\(path) cannot be read: \(describe(error))")
        }
    }

    func write(_ manifest: RunManifest) throws { try write(JSONFile.encode(manifest, pretty: true) + [UInt8(ascii: "\n")], to: "manifest.json") }

    func write(_ metrics: RunMetrics) throws { try write(JSONFile.encode(metrics, pretty: true) + [UInt8(ascii: "\n")], to: "metrics.json") }

    func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

    func write(_ bytes: [UInt8], to name: String) throws {
        guard isKept else { return }
        do {
            try AtomicFile.write(bytes, to: path + "/" + name)
        } catch {
            throw ExperimentError(.running, describe(error), help: ["what the run had finished before is safe in \(path)"])
        }
    }
}
