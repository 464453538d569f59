internal import Experiments
internal import Foundation
internal import GRDB

/// `runs/index.sqlite`: what the folders say, ready to be looked up. Nothing is in it that is not in the folders, so that it
/// can be thrown away at any time.
///
/// Processes that share it wait for each other (10 s at most) and write in short transactions: a hundred runs at a time, read
/// from their folders before the transaction begins.
struct RunIndex {
    /// Why the index cannot be used.
    enum Trouble: Error {
        /// The file is no database, or not one with these tables: it can be made anew.
        case damaged(String)
        /// Written by a later version of this program.
        case newer
        /// The system refuses: no room, no rights, a file system without locks.
        case unusable(String)
    }

    private let database: DatabaseQueue

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 runs, figures, tags") { database in
            try database.execute(sql: """
                CREATE TABLE runs (
                    name TEXT PRIMARY KEY NOT NULL, stamp TEXT NOT NULL, state TEXT NOT NULL, started TEXT NOT NULL, sweep TEXT,
                    method TEXT, backbone TEXT, data TEXT, seed TEXT NOT NULL, parameters INTEGER NOT NULL, specification TEXT NOT NULL
                );
                CREATE TABLE figures (
                    run TEXT NOT NULL REFERENCES runs(name) ON DELETE CASCADE, place INTEGER NOT NULL, name TEXT NOT NULL, value REAL NOT NULL,
                    PRIMARY KEY (run, name)
                ) WITHOUT ROWID;
                CREATE TABLE tags (
                    run TEXT NOT NULL REFERENCES runs(name) ON DELETE CASCADE, tag TEXT NOT NULL, PRIMARY KEY (run, tag)
                ) WITHOUT ROWID;
                """)
        }
        return migrator
    }

    /// Opens the index, made or brought to this version where necessary.
    init(path: String) throws(Trouble) {
        do {
            var configuration = Configuration()
            configuration.busyMode = .timeout(10)
            configuration.journalMode = .wal
            database = try DatabaseQueue(path: path, configuration: configuration)
            let migrator = Self.migrator
            if try database.read(migrator.hasBeenSuperseded) { throw Trouble.newer }
            if try !database.read(migrator.hasCompletedMigrations) { try migrator.migrate(database) }
        } catch {
            throw Self.trouble(error)
        }
    }

    private static func trouble(_ error: any Error) -> Trouble {
        if let trouble = error as? Trouble { return trouble }
        guard let error = error as? DatabaseError else { return .damaged("\(error)") }
        let reason = error.message ?? error.resultCode.description
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_PERM, .SQLITE_AUTH, .SQLITE_NOLFS,
            .SQLITE_NOMEM, .SQLITE_PROTOCOL:
            return .unusable(reason)
        default: return .damaged(reason)
        }
    }

    // MARK: Writing

    /// Brings the index to what the scan found.
    /// - Returns: folders that could not be read, and why.
    func update(to scan: RunScan) throws(Trouble) -> [(name: String, reason: String)] {
        do {
            let known = try database.read { database in
                var known: [String: String] = [:]
                for row in try Row.fetchAll(database, sql: "SELECT name, stamp FROM runs") {
                    if let name = Self.text(row, "name"), let stamp = Self.text(row, "stamp") { known[name] = stamp }
                }
                return known
            }
            let there = Set(scan.runs.map(\.name))
            var gone = known.keys.filter { !there.contains($0) }
            var problems: [(name: String, reason: String)] = []
            var changed: [(RunRecord, String)] = []
            for run in scan.runs where known[run.name] != run.stamp {
                do {
                    changed.append((try RunRecord(name: run.name, folder: RunFolder.open(run.path)), run.stamp))
                } catch {
                    problems.append((run.name, (error as? ExperimentError)?.message ?? "\(error)"))
                    if known[run.name] != nil { gone.append(run.name) }
                }
            }
            for start in stride(from: 0, to: max(changed.count, gone.isEmpty ? 0 : 1), by: 100) {
                try database.write { database in
                    if start == 0 { for name in gone { try database.execute(sql: "DELETE FROM runs WHERE name = ?", arguments: [name]) } }
                    for (record, stamp) in changed[min(start, changed.count)..<min(start + 100, changed.count)] { try Self.write(record, stamp, to: database) }
                }
            }
            return problems
        } catch {
            throw Self.trouble(error)
        }
    }

    private static func write(_ record: RunRecord, _ stamp: String, to database: Database) throws {
        let specification = record.specification
        try database.execute(sql: "DELETE FROM runs WHERE name = ?", arguments: [record.name])
        try database.execute(
            sql: "INSERT INTO runs (name, stamp, state, started, sweep, method, backbone, data, seed, parameters, specification) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            arguments: [
                record.name, stamp, record.state.rawValue, record.started, record.sweep, specification.methodName, specification.backbone?.name,
                specification.data?.name, "\(specification.seed)", record.parameters, String(decoding: try JSONFile.encode(specification), as: UTF8.self),
            ])
        for (place, figure) in record.figures.enumerated() {
            try database.execute(
                sql: "INSERT OR IGNORE INTO figures (run, place, name, value) VALUES (?, ?, ?, ?)", arguments: [record.name, place, figure.name, figure.value])
        }
        for tag in record.tags { try database.execute(sql: "INSERT OR IGNORE INTO tags (run, tag) VALUES (?, ?)", arguments: [record.name, tag]) }
    }

    // MARK: Reading

    /// Every run, by name.
    func records() throws(Trouble) -> [RunRecord] {
        do {
            return try database.read { database in
                var figures: [String: [NamedFigure]] = [:]
                for row in try Row.fetchAll(database, sql: "SELECT run, name, value FROM figures ORDER BY run, place") {
                    guard let run = Self.text(row, "run"), let name = Self.text(row, "name"), let value = Double.fromDatabaseValue(row["value"]) else { continue }
                    figures[run, default: []].append(NamedFigure(name: name, value: value))
                }
                var tags: [String: [String]] = [:]
                for row in try Row.fetchAll(database, sql: "SELECT run, tag FROM tags ORDER BY run, tag") {
                    guard let run = Self.text(row, "run"), let tag = Self.text(row, "tag") else { continue }
                    tags[run, default: []].append(tag)
                }
                return try Row.fetchAll(database, sql: "SELECT name, state, started, sweep, parameters, specification FROM runs ORDER BY name").map { row in
                    guard let name = Self.text(row, "name"), let state = Self.text(row, "state").flatMap(RunRecord.State.init),
                        let started = Self.text(row, "started"), let parameters = Int.fromDatabaseValue(row["parameters"]),
                        let specification = Self.text(row, "specification")
                    else { throw Trouble.damaged("a row makes no sense") }
                    return RunRecord(
                        name: name, state: state, started: started, sweep: Self.text(row, "sweep"),
                        specification: try JSONFile.decode(ExperimentSpecification.self, from: Array(specification.utf8), name: "the index"),
                        parameters: parameters, figures: figures[name] ?? [], tags: tags[name] ?? [])
                }
            }
        } catch {
            throw Self.trouble(error)
        }
    }

    /// Nil for a value of another kind: the file is not believed.
    private static func text(_ row: Row, _ column: String) -> String? { String.fromDatabaseValue(row[column]) }
}
