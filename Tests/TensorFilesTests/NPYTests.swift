import Foundation
import Testing
import TensorFiles

/// An `.npy` file of version 1 out of header text and data.
func npy(_ header: String, _ data: [UInt8], version: UInt8 = 1) -> [UInt8] {
    let count = header.utf8.count
    let length = version == 1 ? [UInt8(count & 0xFF), UInt8(count >> 8)] : [UInt8(count & 0xFF), UInt8(count >> 8), 0, 0]
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + Array(header.utf8) + data
}

@Suite struct NPYTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    @Test func whatIsWrittenIsReadBack() throws {
        let path = folder.file("a.npy")
        for shape in [[], [6], [2, 3], [1, 2, 3], [0, 4]] {
            let values = (0..<shape.reduce(1, *)).map { Float($0) * 0.5 - 1 }
            try NPY.write(values, shape: shape, to: path)
            #expect(try NPY.read(path: path) == NamedArray(name: path, shape: shape, values: values))
            #expect(try folder.bytes("a.npy").count % 64 == values.count * 4 % 64)
        }
        try NPY.write([.min, -1, .max] as [Int64], shape: [3, 1], to: path)
        #expect(try NPY.readIntegers(path: path) == NamedIntegers(name: path, shape: [3, 1], values: [.min, -1, .max]))
        #expect(throws: TensorFileError.self) { try NPY.write([Float(1)], shape: [2], to: path) }
    }

    /// As numpy.save writes it.
    @Test func theExactBytes() throws {
        try NPY.write([1 as Float], shape: [1], to: folder.file("a"))
        let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }"
        #expect(try folder.bytes("a") == npy(text + String(repeating: " ", count: 118 - text.count - 1) + "\n", [0, 0, 0x80, 0x3F]))
    }

    @Test func versionsOrdersAndTypes() throws {
        let columns = "{'descr': '<i2', 'fortran_order': True, 'shape': (2, 3), }\n"
        let data: [UInt8] = [1, 0, 4, 0, 2, 0, 5, 0, 3, 0, 6, 0]
        for version in [1, 2, 3] as [UInt8] {
            let path = try folder.put(npy(columns, data, version: version), "a.npy")
            #expect(try NPY.read(path: path).values == [1, 2, 3, 4, 5, 6])
            #expect(try NPY.readIntegers(path: path).values == [1, 2, 3, 4, 5, 6])
        }
        #expect(try NPY.read(path: folder.put(npy("{\"shape\":(),'descr':'|u1','fortran_order':False}", [7]), "b.npy")).values == [7])
    }

    @Test(arguments: [
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 4, "needs 8 bytes, the file has 4"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", 5, "needs 4 bytes, the file has 5"),
        ("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", 4, "big-endian"),
        ("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", 8, "Python objects"),
        ("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", 4, "cannot be understood"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }", 0, "beyond any file"),
        ("{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904,), }", 0, "more bytes than there are"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", 4, "no whole number"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", 4, "no whole number"),
        ("{'descr': '<f4', 'shape': (1,), }", 4, "does not have descr"),
        ("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", 4, "given twice"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } 1", 4, "something follows"),
        ("", 4, "no dictionary"),
    ]) func lies(_ header: String, _ count: Int, _ message: String) throws {
        let path = try folder.put(npy(header, Array(repeating: 0, count: count)), "a.npy")
        let error = #expect(throws: TensorFileError.self) { try NPY.read(path: path) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test func truncatedAnywhere() throws {
        let whole = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n", Array(repeating: 0, count: 8))
        for count in whole.indices {
            #expect(throws: TensorFileError.self) { try NPY.read(path: try folder.put(Array(whole.prefix(count)), "a.npy")) }
        }
    }

    @Test func fuzzed() throws {
        let header = "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }\n"
        let whole = npy(header, (0..<24).map { $0 })
        var mutations = Mutations(seed: 2)
        var refused = 0
        for _ in 0..<4000 {
            let path = try folder.put(mutations.damage(whole, head: whole.count - 24), "f.npy")
            do { _ = try NPY.read(path: path) } catch is TensorFileError { refused += 1 }
        }
        #expect(refused > 2000)
    }
}
