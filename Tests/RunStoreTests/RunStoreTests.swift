import Experiments
import Foundation
import GRDB
import RunStore
import Testing

@Suite(.serialized) struct RunStoreTests {
    let fixture: RunFixture
    let store: RunStore
    private var index: String { fixture.root + "/index.sqlite" }

    init() throws {
        fixture = try RunFixture()
        store = RunStore(runs: fixture.root)
        try fixture.train("first")
        try fixture.train("second", seed: 3, steps: 2)
    }

    private func names() -> [String] { store.listing().runs.map(\.name) }

    @Test func listsWhatIsThere() throws {
        try fixture.train("stopped", stop: true)
        try fixture.train("train-1", in: fixture.root + "/sweeps/alpha-0a/cells/0123")
        let listing = store.listing()
        #expect(listing.problems == [] && listing.remark == nil)
        #expect(listing.runs.map(\.name) == ["first", "second", "stopped", "sweeps/alpha-0a/cells/0123/train-1"])
        #expect(listing.runs.map(\.state) == [.complete, .complete, .stopped, .complete])
        #expect(listing.runs.map(\.sweep) == [nil, nil, nil, "alpha-0a"])
        let second = listing.runs[1]
        #expect(second.specification.seed == 3 && second.specification.method == .linear)
        #expect(second.figure("steps") == 2)
        let record = try RunFolder.open(fixture.root + "/second").metrics().kept.last?.record
        #expect(second.figure("recall@1") == record?.recall.first?.value && record != nil)
        #expect(second.figure("recall@1000") == nil)
        // The same again, now from the index.
        #expect(store.listing().runs == listing.runs)
    }

    @Test func emptyAndMissingFolders() throws {
        #expect(RunStore(runs: fixture.path + "/none").listing().runs.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: fixture.path + "/none"))
    }

    @Test func followsTheFolders() throws {
        #expect(names() == ["first", "second"])
        try fixture.train("third")
        try FileManager.default.removeItem(atPath: fixture.root + "/first")
        try FileManager.default.moveItem(atPath: fixture.root + "/second", toPath: fixture.root + "/renamed")
        #expect(names() == ["renamed", "third"])
        try store.tag("third", add: ["b", "a"])
        #expect(store.listing().runs[1].tags == ["a", "b"])
        try store.tag("third", add: ["c"], remove: ["a"])
        #expect(store.listing().runs[1].tags == ["b", "c"])
    }

    @Test func runningAndKilled() throws {
        let folder = try RunFolder.open(fixture.root + "/first")
        var object = try #require(JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: folder.path + "/metrics.json"))) as? [String: Any])
        object["outcome"] = nil
        try JSONSerialization.data(withJSONObject: object).write(to: URL(fileURLWithPath: folder.path + "/metrics.json"), options: .atomic)
        #expect(store.listing().runs[0].state == .killed)
        do {
            let lock = try RunLock(folder)
            #expect(store.listing().runs[0].state == .running)
            withExtendedLifetime(lock) {}
        }
        #expect(store.listing().runs[0].state == .killed)
    }

    @Test func damagedRunIsLeftOutAndNamed() throws {
        #expect(names() == ["first", "second"])
        try Data("{\"version\": 1".utf8).write(to: URL(fileURLWithPath: fixture.root + "/first/manifest.json"))
        let listing = store.listing()
        #expect(listing.runs.map(\.name) == ["second"])
        #expect(listing.problems.count == 1 && listing.problems[0].hasPrefix("first: ") && listing.problems[0].contains("is not what a run writes"))
        try FileManager.default.createDirectory(atPath: fixture.root + "/no-run", withIntermediateDirectories: true)
        #expect(names() == ["second"])
    }

    // MARK: Indexes that cannot be used

    @Test func lostOrDamagedIndexIsMadeAnew() throws {
        try store.tag("second", add: ["kept"])
        let before = store.listing()
        let whole = try Data(contentsOf: URL(fileURLWithPath: index))
        var flipped = whole
        for place in stride(from: 100, to: flipped.count, by: 7) { flipped[place] ^= 0x5A }
        let damages: [(String, Data?)] = [
            ("gone", nil), ("empty", Data()), ("a text", Data("this is no database, but it is long enough to be looked at as one\n".utf8)),
            ("cut", whole.prefix(whole.count / 2)), ("flipped", flipped),
        ]
        for (name, bytes) in damages {
            for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: index + suffix) }
            try bytes?.write(to: URL(fileURLWithPath: index))
            let listing = store.listing()
            #expect(listing.runs == before.runs, "\(name)")
            #expect(listing.remark == nil, "\(name)")
            #expect(try Data(contentsOf: URL(fileURLWithPath: index)).prefix(15) == Data("SQLite format 3".utf8), "\(name)")
        }
    }

    /// Tables of another time under the same names.
    @Test func olderIndexIsMadeAnew() throws {
        let before = store.listing()
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: index + suffix) }
        try DatabaseQueue(path: index).write { try $0.execute(sql: "CREATE TABLE runs (name TEXT, figure REAL); INSERT INTO runs VALUES ('old', 1)") }
        #expect(store.listing().runs == before.runs)
        #expect(try DatabaseQueue(path: index).read { try Int.fetchOne($0, sql: "SELECT count(*) FROM runs WHERE name = 'old'") } == 0)
    }

    @Test func newerIndexIsLeftAlone() throws {
        let before = store.listing()
        try DatabaseQueue(path: index).write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('2 of a later time'); DELETE FROM runs WHERE name = 'first'") }
        let listing = store.listing()
        #expect(listing.runs == before.runs, "the folders can be read")
        #expect(listing.remark == "\(index) was written by a newer version of vptsp, and this one leaves it as it is: the runs are read from their folders")
        let left = try DatabaseQueue(path: index).read { try String.fetchAll($0, sql: "SELECT name FROM runs") }
        #expect(left == ["second"], "nothing was written")
        // Tags are in the folders, so they can be changed all the same.
        try store.tag("first", add: ["a"])
        #expect(store.listing().runs[0].tags == ["a"])
    }

    @Test func folderThatTakesNoIndex() throws {
        try FileManager.default.createDirectory(atPath: fixture.root + "/index.lock", withIntermediateDirectories: false)
        let listing = store.listing()
        #expect(listing.runs.map(\.name) == ["first", "second"])
        #expect(listing.remark?.contains("cannot be used") == true && listing.remark?.contains("Is a directory") == true)
    }

    // MARK: Changes

    @Test func badTags() throws {
        for tag in ["", "two words", "../up", ".hidden"] {
            #expect(failure { try store.tag("first", add: [tag]) }?.message == "`\(tag)` cannot be a tag")
        }
        #expect(failure { try store.tag("none", add: ["a"]) }?.kind == .input)
        try Data("[]".utf8).write(to: URL(fileURLWithPath: fixture.root + "/first/tags.json"))
        #expect(failure { try store.tag("first", add: ["a"]) }?.message.contains("tags.json is not what a run writes") == true)
    }

    @Test func removesWholeFolders() throws {
        let lock = try RunLock(RunFolder.open(fixture.root + "/second"))
        #expect(failure { try store.remove(["first", "second"]) }?.message.contains("is at work on") == true)
        #expect(names() == ["first", "second"], "none of them went")
        withExtendedLifetime(lock) {}
        #expect(try store.remove(["first"]) > 0)
        #expect(names() == ["second"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.root).filter { $0.hasPrefix(".removed") } == [])
        #expect(failure { try store.remove(["../pictures"]) }?.message.contains("is not the folder of a run") == true)
    }

    @Test func takesPathsAndNames() throws {
        #expect(try store.folder(of: "first").path == fixture.root + "/first")
        #expect(try store.folder(of: fixture.root + "/first").path == fixture.root + "/first")
        #expect(failure { _ = try store.folder(of: "third") }?.kind == .input)
    }

    /// In one process, each with a connection of its own, as processes have.
    @Test func manyWritersAtOnce() async throws {
        for number in 0..<12 { try fixture.train("run-\(number)", seed: UInt64(number)) }
        let root = fixture.root
        await withTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    let store = RunStore(runs: root)
                    for number in 0..<12 {
                        _ = try? store.tag("run-\(number)", add: ["writer-\(writer)"])
                        if writer == 0, number == 5 { for suffix in ["", "-wal", "-shm"] { unlink(root + "/index.sqlite" + suffix) } }
                        _ = store.listing()
                    }
                }
            }
        }
        let listing = store.listing()
        #expect(listing.remark == nil && listing.runs.count == 14)
        for run in listing.runs where run.name.hasPrefix("run-") { #expect(run.tags == (0..<8).map { "writer-\($0)" }, "\(run.name)") }
    }
}
