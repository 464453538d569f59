import Foundation
import TensorFiles
import Testing

/// Files of torch.save, made by Scripts/make-authors-checkpoint.py, and archives that lie.
@Suite struct TorchFileTests {
    private static let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("ExperimentsTests/Resources/authors").path

    private func fault(_ path: String) -> String {
        do {
            let file = try TorchFile(path: path)
            for name in file.names { _ = try file.array(name) }
            return ""
        } catch { return "\(error)" }
    }

    @Test func tensorsOfAStateDictionary() throws {
        let file = try TorchFile(path: Self.folder + "/checkpoint.pth")
        #expect(file.names.first == "proxies_bias" && file.names.contains("model.blocks.1.attn.qkv.weight"))
        #expect(file.shape("prompts.0") == [1, 5, 16])
        #expect(try file.array("prompts.0").values.count == 80)
        #expect(try file.array("prompts.0").values.contains { $0 != 0 })
        #expect(throws: TensorFileError.self) { try file.array("prompts.7") }
    }

    /// Half precision, inner dictionaries, and a view that is no contiguous part of its storage.
    @Test func viewsAndOtherTypes() throws {
        let file = try TorchFile(path: Self.folder + "/wrapped.pth")
        let expected = try SafeTensorsFile(path: Self.folder + "/expected.safetensors")
        #expect(try file.array("part").values == expected.array("part").values)
        #expect(try file.array("part").shape == [2, 3, 3, 2])
        #expect(try file.array("proxies_container").values == expected.array("container").values)
        let whole = try TorchFile(path: Self.folder + "/checkpoint.pth").array("proxies_bias").values
        let half = try file.array("state_dict.module.proxies_bias").values
        #expect(half == whole.map { Float(Float16($0)) })
    }

    @Test func otherNamesAreRefusedByTheirName() {
        let message = fault(Self.folder + "/namespace.pth")
        #expect(message.contains("names `argparse.Namespace`") && message.contains("nothing is executed"), "\(message)")
    }

    @Test func otherFilesAreRefused() throws {
        let folder = try TemporaryFolder()
        let pickle = folder.file("old.pth")
        try Data([0x80, 2, 0x8A, 10]).write(to: URL(fileURLWithPath: pickle))
        #expect(fault(pickle).contains("not a file of torch.save"))
        try Data(zip([ZipMember("a.npy", [1])])).write(to: URL(fileURLWithPath: pickle))
        #expect(fault(pickle).contains("without `data.pkl`"))
        #expect(fault(folder.file("none.pth")).contains("cannot be opened"))
    }

    /// A pickle around `pieces`, as the only dictionary of an archive with 4 numbers in storage 0.
    private func written(_ pieces: [UInt8], to path: String) throws {
        let numbers = [UInt8](repeating: 0, count: 16)
        try Data(zip([ZipMember("a/data.pkl", pieces), ZipMember("a/data/0", numbers)])).write(to: URL(fileURLWithPath: path))
    }

    /// `{"x": tensor}` over a storage of `count` numbers, offset, shape and stride as opcodes.
    private func tensor(count: [UInt8], offset: [UInt8], shape: [UInt8], stride: [UInt8]) -> [UInt8] {
        func word(_ text: String) -> [UInt8] { [0x8C, UInt8(text.utf8.count)] + Array(text.utf8) }
        let storage: [UInt8] = Array("(".utf8) + word("storage") + Array("ctorch\nFloatStorage\n".utf8) + word("0") + word("cpu") + count + Array("tQ".utf8)
        let body = Array("(".utf8) + storage + offset + shape + [0x85] + stride + [0x85, 0x89] + Array("}t".utf8)
        return [0x80, 2] + Array("}".utf8) + word("x") + Array("ctorch._utils\n_rebuild_tensor_v2\n".utf8) + body + Array("Rs.".utf8)
    }

    @Test func tensorsThatLieAboutTheirSize() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("x.pth")
        let four: [UInt8] = [UInt8(ascii: "K"), 4], zero: [UInt8] = [UInt8(ascii: "K"), 0], one: [UInt8] = [UInt8(ascii: "K"), 1]
        let huge: [UInt8] = [0x8A, 8, 255, 255, 255, 255, 255, 255, 255, 127], minus: [UInt8] = [UInt8(ascii: "J"), 255, 255, 255, 255]
        try written(tensor(count: four, offset: zero, shape: four, stride: one), to: path)
        #expect(fault(path) == "")
        try written(tensor(count: four, offset: zero, shape: one, stride: huge), to: path)
        #expect(fault(path) == "")
        for (count, offset, shape, stride) in [
            (four, one, four, one), (four, zero, huge, zero), (four, huge, four, one), (four, zero, four, huge), (four, minus, one, one), (four, zero, minus, one),
            (four, zero, four, minus), (huge, zero, huge, one), (huge, zero, one, one),
        ] {
            try written(tensor(count: count, offset: offset, shape: shape, stride: stride), to: path)
            #expect(fault(path) != "", "\(count) \(offset) \(shape) \(stride)")
        }
    }

    /// Containers within themselves, ten thousand deep, and what asks for what is not there.
    @Test func picklesThatAreNoLists() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("x.pth")
        let deep = [UInt8](repeating: UInt8(ascii: ")"), count: 1) + (0..<10_000).flatMap { _ -> [UInt8] in [0x85] }
        for pieces in [
            [UInt8](deep) + Array(".".utf8), Array("}q\u{0}h\u{0}h\u{0}s.".utf8), Array("}q\u{0}X\u{1}\u{0}\u{0}\u{0}ah\u{0}s.".utf8), Array("(((.".utf8), Array("h\u{1}.".utf8), Array("e.".utf8), Array("R.".utf8),
            Array("Q.".utf8), Array("b.".utf8), Array("cos\nsystem\n(X\u{2}\u{0}\u{0}\u{0}lstR.".utf8), Array("cbuiltins\neval\n.".utf8), Array("X\u{7f}\u{7f}\u{7f}\u{7f}".utf8), [],
        ] {
            try written(pieces, to: path)
            #expect(fault(path) != "", "\(pieces.prefix(20))")
        }
    }

    /// Damage never traps; what is read of it is checked by all the same rules.
    @Test func damageIsFoundOrHarmless() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("x.pth")
        for name in ["checkpoint", "wrapped"] {
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(Self.folder)/\(name).pth")))
            let archive = try ZipArchive(path: "\(Self.folder)/\(name).pth")
            var members = try archive.members.map { ZipMember($0.name, try archive.bytes(of: $0)) }
            let place = try #require(members.firstIndex { $0.name.hasSuffix("/data.pkl") })
            let pickle = members[place].stored
            var mutations = Mutations(seed: 7)
            for _ in 0..<200 {
                try Data(mutations.damage(bytes, head: 4000)).write(to: URL(fileURLWithPath: path))
                _ = fault(path)
                // With a good checksum, so that the pickle itself is what is read.
                members[place] = ZipMember(members[place].name, mutations.damage(pickle, head: pickle.count))
                try Data(zip(members)).write(to: URL(fileURLWithPath: path))
                _ = fault(path)
            }
        }
    }
}
