import Foundation
import Testing
import TensorFiles

@Suite struct AtomicFileTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    @Test func replacesTheWholeFile() throws {
        let path = try folder.put(Array(repeating: 9, count: 100), "f")
        try AtomicFile.write([1, 2], to: path)
        #expect(try folder.bytes("f") == [1, 2])
        try AtomicFile.write([], to: path)
        #expect(try folder.bytes("f") == [])
        #expect(folder.names == ["f"])
    }

    @Test func aThrowInTheMiddleLeavesTheOldFile() throws {
        struct Interrupted: Error {}
        let path = try folder.put([1], "f")
        #expect(throws: Interrupted.self) {
            try AtomicFile.write(to: path) { file in
                try file.append(Array(repeating: 0, count: 1 << 20))
                throw Interrupted()
            }
        }
        #expect(try folder.bytes("f") == [1])
        #expect(folder.names == ["f"])
    }

    @Test func foldersThatCannotBeWritten() throws {
        #expect(throws: TensorFileError(file: "/nowhere/at/all", "cannot be written: No such file or directory")) { try AtomicFile.write([1], to: "/nowhere/at/all") }
        #expect(throws: TensorFileError.self) { try AtomicFile.write([1], to: folder.path + "/") }
        #expect(throws: TensorFileError.self) { try AtomicFile.write([1], to: folder.path) }  // a folder is not replaced by a file
        #expect(folder.names == [])
    }

    /// A limit on file size stands in for a full disk: both stop a write in the middle.
    @Test func aDiskThatTakesNoMoreLeavesNothing() throws {
        var limit = rlimit()
        #expect(getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
        signal(SIGXFSZ, SIG_IGN)
        var small = rlimit(rlim_cur: 4096, rlim_max: limit.rlim_max)
        #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &small) == 0)
        defer { _ = setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) }
        let path = folder.file("big")
        #expect(throws: TensorFileError(file: path, "cannot be written: File too large")) {
            try AtomicFile.write(Array(repeating: 1, count: 10_000), to: path)
        }
        #expect(folder.names == [])
    }
}
