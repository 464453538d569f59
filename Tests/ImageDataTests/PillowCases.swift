import Foundation
import ImageData
import Testing

/// Resources/pillow.json: what Pillow and torchvision make of small files, written by Scripts/make-image-cases.py.
struct PillowCases: Decodable {
    struct Decode: Decodable, CustomTestStringConvertible {
        let name: String
        let file: Data
        let height, width: Int
        let rgb: Data
        var testDescription: String { name }
    }

    struct Resize: Decodable {
        let size, to: [Int]
        let box: [Float]?
        let filter: Interpolation
        let hash: String
    }

    struct Transform: Decodable {
        let size: [Int]
        let resize, crop: Int
        let filter: Interpolation
        let hash: String
    }

    struct Golden: Decodable {
        let file, mode: String
        let box: [Int]
        let hashes: [String: String]
    }

    let decode: [Decode]
    let resize: [Resize]
    let transform: [Transform]
    let golden: [Golden]

    static let all: PillowCases? = try? JSONDecoder().decode(PillowCases.self, from: Data(contentsOf: resource("pillow.json")))

    static func resource(_ name: String) -> URL {
        Bundle.module.bundleURL.appendingPathComponent("Resources/\(name)")
    }
}
