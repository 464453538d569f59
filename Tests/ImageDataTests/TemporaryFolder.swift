import Foundation
import ImageData

/// A folder of pictures for one test.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("images-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ bytes: [UInt8]) throws {
        let file = URL(fileURLWithPath: path + "/" + name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }

    /// Writes a PNG of one colour, which tells it from the others.
    func picture(_ name: String, _ value: Int, width: Int = 6, height: Int = 5) throws {
        let pixels = (0..<width * height).flatMap { [UInt8(value & 255), UInt8($0 & 255), UInt8(value >> 8)] }
        try write(name, encodePNG(RGBImage(width: width, height: height, pixels: pixels)))
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path + "/" + name) }
}
