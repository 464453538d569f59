import DataMiniatures
import TensorFiles
import Testing

struct MATFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var whole: [UInt8] {
        get throws { try [UInt8](contentsOf: DataMiniatures.path("cars196-devkit") + "/cars_test_annos_withlabels.mat") }
    }

    private func read(_ bytes: [UInt8]) throws -> [String: MATValue] { try MATFile.read(path: folder.put(bytes, "a.mat")) }

    /// What is wrong with a file of the header and these elements; empty when nothing is.
    private func fault(_ elements: [UInt8]...) throws -> String {
        do {
            _ = try read(header + elements.joined())
            return ""
        } catch let error as TensorFileError { return error.message }
    }

    // MARK: Bytes by hand

    private let header = Array("MATLAB 5.0 MAT-file".utf8) + [UInt8](repeating: 0x20, count: 105) + [0, 1, 0x49, 0x4D]

    private func element(_ type: UInt32, _ data: [UInt8], count: UInt32? = nil) -> [UInt8] {
        bytes(type) + bytes(count ?? UInt32(data.count)) + data + [UInt8](repeating: 0, count: (8 - data.count % 8) % 8)
    }

    private func bytes(_ word: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }

    private func array(_ kind: UInt8, dimensions: [UInt32], name: String = "x", _ rest: [UInt8]) -> [UInt8] {
        let flags = element(6, [kind, 0, 0, 0, 0, 0, 0, 0])
        return element(14, flags + element(5, dimensions.flatMap(bytes)) + element(1, Array(name.utf8)) + rest)
    }

    // MARK: What is read

    @Test func readsWhatScipyWrites() throws {
        let file = try MATFile.read(path: DataMiniatures.path("cars196") + "/cars_annos.mat")
        #expect(file.keys.sorted() == ["annotations", "class_names"])
        guard case .structs(let fields, let elements)? = file["annotations"] else { Issue.record("no structs"); return }
        #expect(fields == ["relative_im_path", "bbox_x1", "bbox_y1", "bbox_x2", "bbox_y2", "class", "test"])
        #expect(elements.count == 64)
        #expect(elements[63] == [.text("car_ims/000064.jpg"), .numbers([2]), .numbers([3]), .numbers([30]), .numbers([280]), .numbers([16]), .numbers([1])])
        guard case .cells(let names)? = file["class_names"] else { Issue.record("no cells"); return }
        #expect(names.count == 16)
        #expect(names[0].text == "AM General Hummer SUV 2000" && names[11].text == "Ram C/V Cargo Van Minivan 2012")
        guard case .structs(_, let rows)? = try read(whole)["annotations"] else { Issue.record("no structs"); return }
        #expect(rows.count == 32 && rows[31][5].text == "00032.jpg" && rows[0][4].number != nil)
    }

    @Test func readsEveryKindOfNumberAndText() throws {
        let double = array(6, dimensions: [1, 2], name: "d", element(9, [0, 0, 0, 0, 0, 0, 0xF8, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0]))
        let small = array(12, dimensions: [1, 1], name: "i", bytes(2 << 16 | 3) + [0xFE, 0xFF, 0, 0])
        let wide = array(4, dimensions: [1, 2], name: "t", element(4, [0xE9, 0, 0xAC, 0x20]))
        let western = array(4, dimensions: [1, 1], name: "w", element(1, [0xE9]))
        let empty = array(6, dimensions: [0, 0], name: "e", element(9, []))
        let sparse = array(5, dimensions: [1, 1], name: "s", [])
        let file = try read(header + double + small + wide + western + empty + sparse)
        #expect(file["d"] == .numbers([1.5, -2]) && file["d"]?.number == nil)
        #expect(file["i"]?.number == -2)
        #expect(file["t"] == .text("é€") && file["w"] == .text("é"))
        #expect(file["e"] == .numbers([]) && file["s"] == .unread("sparse matrix"))
        #expect(try read(header).isEmpty)
    }

    // MARK: What is refused

    @Test func refusesOtherFiles() throws {
        func message(_ bytes: [UInt8]) throws -> String {
            do { _ = try read(bytes) } catch let error as TensorFileError { return error.message }
            return ""
        }
        #expect(try message([]).contains("no MATLAB file"))
        #expect(try message([0x89, 0x48, 0x44, 0x46, 0x0D]).contains("MATLAB 7.3"))
        #expect(try message(Array(header.dropLast(2)) + [0x4D, 0x49]).contains("big-endian"))
        #expect(throws: TensorFileError.self) { try MATFile.read(path: folder.file("none.mat")) }
    }

    @Test func refusesLies() throws {
        #expect(try fault([1, 0, 0]).contains("truncated"))
        #expect(try fault(element(14, [0, 0, 0, 0], count: 1 << 31)).contains("2147483648 bytes"))
        #expect(try fault(element(8, [])).contains("type 8"))
        #expect(try fault(element(6, [])).contains("where a variable should be"))
        #expect(try fault(element(15, [0x78, 0x9C, 1, 2, 3])).contains("compressed data are broken"))
        #expect(try fault(element(14, element(6, [6, 0]))).contains("no flags"))
        #expect(try fault(array(6, dimensions: [1], [])).contains("no dimensions"))
        #expect(try fault(array(99, dimensions: [1, 1], [])).contains("class 99"))
        #expect(try fault(array(1, dimensions: [1 << 31, 1], [])).contains("claims 2147483648 arrays"))
        #expect(try fault(array(2, dimensions: [1 << 31, 1 << 31, 1 << 31], [])).contains("beyond any file"))
        #expect(try fault(array(2, dimensions: [1, 1], element(5, bytes(0)) + element(1, [1]))).contains("field names"))
        #expect(try fault(array(2, dimensions: [1 << 31, 1], element(5, bytes(4)) + element(1, [0x61, 0, 0, 0]))).contains("claims"))
        #expect(try fault(array(2, dimensions: [1 << 31, 1], element(5, bytes(4)) + element(1, []))).contains("no fields"))
        #expect(try fault(array(6, dimensions: [1, 1], array(6, dimensions: [1, 1], []))).contains("numbers hold data of type"))
        var deep = array(6, dimensions: [1, 1], element(2, [1]))
        for _ in 0..<20 { deep = array(1, dimensions: [1, 1], deep) }
        #expect(try fault(deep).contains("cells deep"))
    }

    @Test func truncatedAnywhere() throws {
        let whole = try whole
        // The end of the header alone is a whole file without variables.
        for count in stride(from: 0, to: whole.count, by: 61) where count != 128 {
            #expect(throws: TensorFileError.self) { try read(Array(whole.prefix(count))) }
        }
    }

    @Test(arguments: ["cars196-devkit/cars_test_annos_withlabels.mat", "cars196/cars_annos.mat", "cars196-devkit/devkit/cars_train_annos.mat"])
    func fuzzed(_ name: String) throws {
        let slash = try #require(name.firstIndex(of: "/"))
        let whole = try [UInt8](contentsOf: DataMiniatures.path(String(name[..<slash])) + name[slash...])
        var mutations = Mutations(seed: 11)
        var refused = 0
        for _ in 0..<400 {
            do { _ = try read(mutations.damage(whole, head: 400)) } catch is TensorFileError { refused += 1 }
        }
        #expect(refused > 100 && refused < 400)
    }
}

extension [UInt8] {
    fileprivate init(contentsOf path: String) throws {
        let file = try RandomAccessFile(path: path)
        self = try file.bytes(0..<file.count)
    }
}
