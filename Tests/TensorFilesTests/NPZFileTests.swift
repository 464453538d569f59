import Foundation
import Testing
import TensorFiles

@Suite struct NPZFileTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    /// `numpy.savez_compressed(f, **{"a/kernel": arange(600).reshape(20, 30) % 7 as f32, "b": [1, 2, 3] as i64})`.
    private let compressed = Array(Data(base64Encoded: """
        UEsDBC0AAAAIAAAAIQBzQqfX//////////8MABQAYS9rZXJuZWwubnB5AQAQAOAJAAAAAAAAbgAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBuk2airqOg
        npZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RpGBjoKxgaaOgq1CmQCLgYwaLAHEg5ABMQNQLwAiA84jMqNyo3KjcqNyo3KjcqNyo3KkS4HAFBLAwQtAAAA
        CAAAACEAvJFVjv//////////BQAUAGIubnB5AQAQAJgAAAAAAAAATQAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBuk2mhrqOgnpZfVFKUmBefX5SSChJ3
        S8wpTgWKF2ckFqQC+RrGOpo6CrUKFAAuRgYIYILSzFAaAFBLAQItAy0AAAAIAAAAIQBzQqfXbgAAAOAJAAAMAAAAAAAAAAAAAACAAQAAAABhL2tlcm5lbC5u
        cHlQSwECLQMtAAAACAAAACEAvJFVjk0AAACYAAAABQAAAAAAAAAAAAAAgAGsAAAAYi5ucHlQSwUGAAAAAAIAAgBtAAAAMAEAAAAA
        """, options: .ignoreUnknownCharacters) ?? Data())

    @Test func deflatedMembers() throws {
        let file = try NPZFile(path: try folder.put(compressed, "a.npz"))
        #expect(file.names == ["a/kernel", "b"])
        #expect(try file.array("a/kernel") == NamedArray(name: "a/kernel", shape: [20, 30], values: (0..<600).map { Float($0 % 7) }))
        #expect(try file.array("b").values == [1, 2, 3])
        #expect(throws: TensorFileError(file: file.path, tensor: "c", "is not in the archive")) { try file.array("c") }
    }

    private let array = npy("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }\n", [8, 9])

    @Test func storedMembers() throws {
        let file = try NPZFile(path: try folder.put(zip([ZipMember("x.npy", array), ZipMember("note.txt", [1])]), "a.npz"))
        #expect(file.names == ["x"])
        #expect(try file.array("x").values == [8, 9])
    }

    @Test func archivesWithSixtyFourBitFields() throws {
        let bytes = zip([ZipMember("x.npy", array)], wide: true)
        #expect(try NPZFile(path: try folder.put(bytes, "a.npz")).array("x").values == [8, 9])
    }

    @Test func lies() throws {
        func error(_ member: ZipMember) throws -> String {
            let path = try folder.put(zip([member]), "a.npz")
            let error = #expect(throws: TensorFileError.self) { _ = try NPZFile(path: path).array("x") }
            return error?.description ?? ""
        }
        var member = ZipMember("x.npy", array)
        member.crc = 1
        #expect(try error(member).contains("its checksum does not match"))
        member = ZipMember("x.npy", array)
        member.count += 1
        #expect(try error(member).contains("is stored in"))
        member.method = 8
        #expect(try error(member).contains("its compressed data are broken"))
        member.count = 1 << 31
        #expect(try error(member).contains("claims 2147483648 bytes"))
        member.method = 14
        #expect(try error(member).contains("packed by method 14"))
        member = ZipMember("x.npy", array)
        member.flags = 1
        #expect(try error(member).contains("is encrypted"))
        member = ZipMember("x.npy", Array("hello".utf8))
        #expect(try error(member).contains("a.npz: tensor `x`: is not an .npy array"))
        let twice = try folder.put(zip([ZipMember("x.npy", array), ZipMember("x.npy", array)]), "a.npz")
        #expect(throws: TensorFileError(file: twice, tensor: "x.npy", "is in the archive twice")) { try NPZFile(path: twice) }
    }

    @Test func truncatedAnywhere() throws {
        let whole = zip([ZipMember("x.npy", array)])
        for count in whole.indices {
            #expect(throws: TensorFileError.self) { try NPZFile(path: try folder.put(Array(whole.prefix(count)), "a.npz")) }
        }
    }

    @Test func fuzzed() throws {
        var mutations = Mutations(seed: 3)
        var refused = 0
        for whole in [compressed, zip([ZipMember("x.npy", array)], wide: true)] {
            for _ in 0..<3000 {
                // Damage counts from the end, where the directory is.
                let path = try folder.put(mutations.damage(whole.reversed(), head: 220).reversed(), "f.npz")
                do {
                    let file = try NPZFile(path: path)
                    for name in file.names { _ = try file.array(name) }
                } catch is TensorFileError { refused += 1 }
            }
        }
        #expect(refused > 3000)
    }
}
