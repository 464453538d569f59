import Foundation
import Testing
import TensorFiles

@Suite struct SafeTensorsWriterTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private let arrays = [
        NamedArray(name: "b", shape: [2, 2], values: [1, -.infinity, .leastNonzeroMagnitude, -0.0]), NamedArray(name: "a\"\n", shape: [], values: [3]),
        NamedArray(name: "empty", shape: [0, 5], values: []),
    ]
    private let labels = NamedIntegers(name: "labels", shape: [2], values: [.min, .max])
    private let pixels = NamedBytes(name: "pixels", shape: [1, 3], values: [0, 128, 255])

    @Test func whatIsWrittenIsReadBack() throws {
        let path = folder.file("m.safetensors")
        try SafeTensors.write(arrays, integers: [labels], bytes: [pixels], metadata: ["z": "1", "a": "\u{1}\\é"], to: path)
        let file = try SafeTensorsFile(path: path)
        for array in arrays { #expect(try file.array(array.name) == array) }
        #expect(try file.integers("labels") == labels)
        #expect(try file.bytes("pixels") == pixels)
        #expect(file.metadata == ["z": "1", "a": "\u{1}\\é"])
        #expect(folder.names == ["m.safetensors"])  // no temporary file stays
        let header = try folder.bytes("m.safetensors").prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        #expect(header % 8 == 0)
    }

    @Test func equalContentsGiveEqualBytes() throws {
        try SafeTensors.write(arrays, integers: [labels], metadata: ["a": "1", "b": "2"], to: folder.file("1"))
        try SafeTensors.write(arrays.reversed(), integers: [labels], metadata: ["b": "2", "a": "1"], to: folder.file("2"))
        #expect(try folder.bytes("1") == folder.bytes("2"))
        var other = arrays
        other[0].values[0] = 2
        try SafeTensors.write(other, integers: [labels], metadata: ["a": "1", "b": "2"], to: folder.file("3"))
        #expect(try folder.bytes("1") != folder.bytes("3"))
    }

    @Test func theExactBytes() throws {
        try SafeTensors.write([NamedArray(name: "x", shape: [1], values: [1])], to: folder.file("x"))
        let header = #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}  "#
        #expect(try folder.bytes("x") == safeTensors(header, data: [0, 0, 0x80, 0x3F]))
    }

    @Test func faultyTensorsLeaveTheOldFile() throws {
        let path = try folder.put([1, 2, 3], "old")
        let x = NamedArray(name: "x", shape: [1], values: [1])
        #expect(throws: TensorFileError(file: path, tensor: "x", "the name is already taken")) { try SafeTensors.write([x, x], to: path) }
        #expect(throws: TensorFileError.self) { try SafeTensors.write([NamedArray(name: "__metadata__", shape: [], values: [1])], to: path) }
        #expect(throws: TensorFileError(file: path, tensor: "x", "shape [2] does not fit 1 values")) {
            try SafeTensors.write([NamedArray(name: "x", shape: [2], values: [1])], to: path)
        }
        #expect(try folder.bytes("old") == [1, 2, 3])
        #expect(folder.names == ["old"])
    }
}
