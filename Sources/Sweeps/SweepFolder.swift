public import Experiments
internal import Foundation
internal import TensorFiles

/// What a sweep is, written before its first cell runs; nothing that happens to the script afterwards changes it.
public struct SweepManifest: Codable, Sendable {
    /// Of this file's form.
    public var version = 1
    public var name: String
    /// What every cell starts from.
    public var specification: ExperimentSpecification
    /// Whether `start.safetensors` holds a trained model that every cell starts from.
    public var hasModel: Bool
    /// The statements of the sweep, as written.
    public var statements: String
    /// SHA-256 of the executable.
    public var programHash: String
    /// The figure that rows are ranked by; nil chooses one.
    public var rank: String?
    /// Every cell, in order. Cells that are chosen from the results of others are added when they are chosen.
    public var cells: [SweepCell]

    public init(name: String, specification: ExperimentSpecification, hasModel: Bool, statements: String, cells: [SweepCell]) throws {
        self.name = name
        self.specification = specification
        self.hasModel = hasModel
        self.statements = statements
        self.cells = cells
        programHash = try ProgramIdentity.hash()
    }
}

/// `runs/sweeps/NAME-hash/`: the manifest, a folder for each cell under `cells/`, the tables.
public struct SweepFolder: Sendable {
    public let path: String

    public var modelPath: String { path + "/start.safetensors" }
    /// A line for each cell, and a line for each combination.
    public var cellTablePath: String { path + "/cells.csv" }
    public var tablePath: String { path + "/table.csv" }

    /// Of a cell: `cell.vps`, `result.json` (`result-3.json` after 3 of more epochs), `output.txt` and its runs.
    public func cellPath(_ hash: String) -> String { "\(path)/cells/\(hash.prefix(16))" }

    /// A folder that is there, or will be.
    public init(path: String) { self.path = path }

    /// Makes the folder, and proves that it can be written.
    /// - Parameters:
    ///   - runs: the folder that runs lie in.
    ///   - start: SHA-256 of the session that the sweep starts from.
    /// - Throws: ``ExperimentError``.
    public static func create(in runs: String, name: String, start: String) throws -> SweepFolder {
        let folder = SweepFolder(path: "\(runs)/sweeps/\(name)-\(start.prefix(8))")
        do {
            try FileManager.default.createDirectory(atPath: folder.path + "/cells", withIntermediateDirectories: true)
        } catch {
            throw ExperimentError(
                .input, "no sweep can be kept under \(runs): \(describe(error))",
                help: ["make \(runs) a folder that you may write to, or run from another working directory"])
        }
        return folder
    }

    public func write(_ manifest: SweepManifest) throws {
        try write(JSONFile.encode(manifest, pretty: true) + [UInt8(ascii: "\n")], to: path + "/manifest.json")
    }

    public func manifest() throws -> SweepManifest {
        let file = path + "/manifest.json"
        return try JSONFile.decode(SweepManifest.self, from: Self.contents(of: file), name: file)
    }

    /// What a cell came to the last time; nil when it has not come to an end, or its file is damaged.
    /// - Parameter epochs: where its trainings were to end, if not at their end; what it came to at its end will do too.
    public func result(of hash: String, epochs: Int? = nil) -> CellResult? {
        for file in epochs.map({ [Self.resultName($0), Self.resultName(nil)] }) ?? [Self.resultName(nil)] {
            let path = "\(cellPath(hash))/\(file)"
            guard let bytes = try? Self.contents(of: path), let result = try? JSONFile.decode(CellResult.self, from: bytes, name: path) else { continue }
            return result
        }
        return nil
    }

    /// - Parameter epochs: where its trainings were to end.
    public func write(_ result: CellResult, of hash: String, epochs: Int? = nil) throws {
        try makeCellFolder(hash)
        let name = Self.resultName(result.isWhole ? nil : epochs)
        try write(JSONFile.encode(result, pretty: true) + [UInt8(ascii: "\n")], to: "\(cellPath(hash))/\(name)")
    }

    private static func resultName(_ epochs: Int?) -> String { epochs.map { "result-\($0).json" } ?? "result.json" }

    public func makeCellFolder(_ hash: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: cellPath(hash), withIntermediateDirectories: true)
        } catch {
            throw ExperimentError(.running, "\(cellPath(hash)) cannot be made: \(describe(error))")
        }
    }

    /// Writes a file whole or not at all.
    public func write(_ text: String, to path: String) throws { try write(Array(text.utf8), to: path) }

    private func write(_ bytes: [UInt8], to path: String) throws {
        do {
            try AtomicFile.write(bytes, to: path)
        } catch {
            throw ExperimentError(.running, describe(error), help: ["what the sweep had finished before is safe in \(self.path)"])
        }
    }

    private static func contents(of path: String) throws -> [UInt8] {
        do {
            return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw ExperimentError(.input, "\(path) cannot be read: \(describe(error))")
        }
    }
}

/// Keeps a second process out of a sweep that is being run; given back when the value goes.
public final class SweepLock {
    private let descriptor: Int32

    /// - Throws: ``ExperimentError`` when another process runs this sweep.
    public init(_ folder: SweepFolder) throws {
        descriptor = open(folder.path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw ExperimentError(.input, "\(folder.path)/lock cannot be written: \(String(cString: strerror(errno)))") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw ExperimentError(.state, "another process runs this sweep: \(folder.path)", help: ["wait for it, or give the sweep another name"])
        }
    }

    deinit { close(descriptor) }
}
