import Foundation
import Testing
import TensorFiles

/// A safetensors file out of header text and data.
func safeTensors(_ header: String, data: [UInt8]) -> [UInt8] {
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian, Array.init) + Array(header.utf8) + data
}

@Suite struct SafeTensorsFileTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private func read(_ header: String, _ data: [UInt8]) throws -> SafeTensorsFile {
        try SafeTensorsFile(path: try folder.put(safeTensors(header, data: data), "a.safetensors"))
    }

    @Test func everyTypeBecomesFloats() throws {
        let cases: [(String, [UInt8], [Float])] = [
            ("F32", [0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC1], [1, -10]),
            ("F16", [0x00, 0x3C, 0x01, 0x00], [1, 0x1p-24]),
            ("BF16", [0x80, 0x3F, 0x80, 0xFF], [1, -.infinity]),
            ("F64", [0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0xE0, 0xBF], [1, -0.5]),
            ("I64", [1, 0, 0, 0, 0, 0, 0, 0] + Array(repeating: 0xFF, count: 8), [1, -1]),
            ("U64", [1, 0, 0, 0, 0, 0, 0, 0] + Array(repeating: 0xFF, count: 8), [1, 0x1p64]),
            ("I32", [2, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF], [2, -2]), ("U32", [2, 0, 0, 0, 0, 0, 0, 0x80], [2, 0x1p31]),
            ("I16", [3, 0, 0xFD, 0xFF], [3, -3]), ("U16", [3, 0, 0xFF, 0xFF], [3, 65535]),
            ("I8", [4, 0xFC], [4, -4]), ("U8", [4, 0xFC], [4, 252]), ("BOOL", [1, 0], [1, 0]),
        ]
        for (type, data, expected) in cases {
            let file = try read("{\"x\":{\"dtype\":\"\(type)\",\"shape\":[2],\"data_offsets\":[0,\(data.count)]}}", data)
            #expect(try file.array("x") == NamedArray(name: "x", shape: [2], values: expected), "\(type)")
        }
        #expect(Set(cases.map(\.0)) == Set(ElementType.allCases.map(\.rawValue)))
    }

    @Test func wholeNumbersAndBytes() throws {
        let header = #"{"y":{"dtype":"I64","shape":[1,1],"data_offsets":[0,8]},"p":{"dtype":"U8","shape":[2],"data_offsets":[8,10]},"__metadata__":{"k":"é\"\u0041"}}"#
        let file = try read(header, [7, 0, 0, 0, 0, 0, 0, 0, 8, 9])
        #expect(file.names == ["p", "y"])
        #expect(file.metadata == ["k": "é\"A"])
        #expect(try file.integers("y") == NamedIntegers(name: "y", shape: [1, 1], values: [7]))
        #expect(try file.integers("p").values == [8, 9])
        #expect(try file.bytes("p") == NamedBytes(name: "p", shape: [2], values: [8, 9]))
        #expect(throws: TensorFileError(file: file.path, tensor: "y", "is stored as I64; bytes (U8) were asked for")) { try file.bytes("y") }
        #expect(throws: TensorFileError(file: file.path, tensor: "z", "is not in the file")) { try file.array("z") }
    }

    @Test func scalarsAndEmptyTensors() throws {
        let file = try read(#"{"s":{"dtype":"U8","shape":[],"data_offsets":[0,1]},"e":{"dtype":"F32","shape":[3,0],"data_offsets":[1,1]}}   "#, [5])
        #expect(try file.array("s").values == [5])
        #expect(try file.array("e") == NamedArray(name: "e", shape: [3, 0], values: []))
    }

    /// Headers that lie, and a part of what is said about each.
    @Test(arguments: [
        (#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 4, "ends at byte 8, the file holds 4"),
        (#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4, "needs 8 bytes, its data range has 4"),
        (#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"y":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}"#, 6, "overlaps that of `x`"),
        (#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"y":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4, "overlaps that of `x`"),
        (#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[1,5]}}"#, 5, "1 bytes before its data belong to no tensor"),
        (#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 9, "5 bytes at the end belong to no tensor"),
        (#"{"x":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#, 0, "beyond any file"),
        (#"{"x":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]}}"#, 0, "needs more bytes than there are"),
        (#"{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4, "is negative"),
        (#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4, "runs backwards"),
        (#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}"#, 4, "runs backwards"),
        (#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,99999999999999999999]}}"#, 4, "out of range"),
        (#"{"x":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#, 4, "is not {dtype, shape"),
        (#"{"x":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}}"#, 4, "is stored as `F8_E4M3`"),
        (#"{"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"x":{"dtype":"U8","shape":[0],"data_offsets":[4,4]}}"#, 4, "the key `x` is given twice"),
        (#"{"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4],"more":1}}"#, 4, "unknown key `more`"),
        (#"{"__metadata__":{"a":1}}"#, 0, "other than text"),
        (#"["x"]"#, 0, "does not start with `{`"),
        (#"{"x":"#, 0, "not valid JSON at byte 5"),
    ]) func lies(_ header: String, _ dataCount: Int, _ message: String) throws {
        let error = #expect(throws: TensorFileError.self) { try read(header, Array(repeating: 0, count: dataCount)) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
        if header.contains("\"x\":{") && !message.contains("at the end") && !message.contains("range") && !message.contains("twice") {
            #expect(error?.tensor != nil)
        }
    }

    @Test func headersLongerThanTheFile() throws {
        for length in [UInt64(3), 100, 1 << 40, .max] {
            let path = try folder.put(withUnsafeBytes(of: length.littleEndian, Array.init) + [0x7B, 0x7D], "b.safetensors")
            let error = #expect(throws: TensorFileError.self) { try SafeTensorsFile(path: path) }
            #expect(error?.message.contains("announces a header of \(length) bytes") == true)
        }
        for count in 0..<8 {
            #expect(throws: TensorFileError.self) { try SafeTensorsFile(path: try folder.put(Array(repeating: 0, count: count), "c.safetensors")) }
        }
    }

    @Test func thingsThatAreNoFiles() throws {
        #expect(throws: TensorFileError(file: folder.path, "is a folder, not a file")) { try SafeTensorsFile(path: folder.path) }
        #expect(throws: TensorFileError(file: "/nowhere/x", "cannot be opened: No such file or directory")) { try SafeTensorsFile(path: "/nowhere/x") }
        #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
        #expect(throws: TensorFileError(file: folder.file("pipe"), "is not a regular file")) { try SafeTensorsFile(path: folder.file("pipe")) }
    }

    @Test func aFileThatShrinksWhileOpen() throws {
        let path = try folder.put(safeTensors(#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, data: Array(repeating: 0, count: 8)), "d.safetensors")
        let file = try SafeTensorsFile(path: path)
        #expect(truncate(path, 40) == 0)
        #expect(throws: TensorFileError(file: path, "became shorter while it was being read")) { try file.array("x") }
    }

    /// Damaged files either read or give an error; nothing traps.
    @Test func fuzzed() throws {
        let header = #"{"__metadata__":{"format":"pt"},"b":{"dtype":"F16","shape":[2,3],"data_offsets":[24,36]},"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"y":{"dtype":"I64","shape":[1],"data_offsets":[36,44]}}"#
        let whole = safeTensors(header, data: (0..<44).map { UInt8($0 * 5) })
        var mutations = Mutations(seed: 1)
        var refused = 0
        for _ in 0..<4000 {
            let path = try folder.put(mutations.damage(whole, head: 8 + header.utf8.count), "f.safetensors")
            do {
                let file = try SafeTensorsFile(path: path)
                for name in file.names {
                    _ = try file.array(name)
                    _ = try? file.integers(name)
                }
            } catch is TensorFileError { refused += 1 }
        }
        #expect(refused > 2000)
    }
}
