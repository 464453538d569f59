import Experiments
import Foundation
import TensorEngine
import Testing

/// What `products=measured` keeps on a machine, so that a script gives the same bytes again.
@Suite struct MeasuredProductsTests {
    private let shapes: Set = [ProductShape(inputs: 32, outputs: 64), ProductShape(inputs: 64, outputs: 32)]

    private func inFolder(_ body: (MeasuredProducts, String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "measured-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(MeasuredProducts(threads: 1, environment: ["XDG_CACHE_HOME": folder]), folder + "/vptsp/products")
    }

    private func file(in folder: String) throws -> String { folder + "/" + (try #require(FileManager.default.contentsOfDirectory(atPath: folder).first)) }

    @Test func whatIsKnownIsNotMeasured() throws {
        try inFolder { products, folder in
            let first = try products.choices(for: shapes, rows: 64)
            #expect(Set(first.keys) == shapes)
            // Whatever was measured, the file is what counts from then on.
            let path = try file(in: folder)
            try Data(#"{"32x64": "onednn", "64x32": "openblas", "128x128": "onednn"}"#.utf8).write(to: URL(fileURLWithPath: path))
            let second = try products.choices(for: shapes, rows: 64)
            #expect(second == [ProductShape(inputs: 32, outputs: 64): .onednn, ProductShape(inputs: 64, outputs: 32): .openblas])
        }
    }

    @Test(arguments: ["", "{", "[1]", #"{"32x64": 3}"#, #"{"32x64": "mkl", "0x1": "onednn", "99999999999999999999x1": "onednn"}"#])
    func aDamagedFileIsMeasuredAnew(_ text: String) throws {
        try inFolder { products, folder in
            _ = try products.choices(for: shapes, rows: 64)
            try Data(text.utf8).write(to: URL(fileURLWithPath: try file(in: folder)))
            #expect(Set(try products.choices(for: shapes, rows: 64).keys) == shapes)
        }
    }

    @Test func withoutAPlaceItIsMeasured() throws {
        let products = try MeasuredProducts(threads: 1, environment: [:])
        #expect(Set(try products.choices(for: shapes, rows: 64).keys) == shapes)
    }
}
