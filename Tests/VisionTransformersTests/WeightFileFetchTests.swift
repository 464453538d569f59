import Foundation
import HTTPFixture
import TensorFiles
import Testing
import VisionTransformers

@Suite struct WeightFileFetchTests {
    let folder: WeightFolder
    init() throws { folder = try WeightFolder() }

    private func resolver(_ server: HTTPFixture) -> WeightResolver {
        WeightResolver(environment: ["HOME": folder.path, "VPTSP_HUB": server.url + "/"])
    }

    private let address = "/timm/vit_small_patch16_224.augreg_in21k/resolve/main/model.safetensors"

    /// A file of the right shapes, its values all zero.
    private func network() throws -> [UInt8] {
        let path = try folder.file("source.safetensors")
        try SafeTensors.write(ViTConfiguration.small16.tensorShapes.map { NamedArray(name: $0.name, shape: $0.shape, values: Array(repeating: 0, count: $0.shape.reduce(1, *))) }, to: path)
        return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    @Test func fetchedCheckedNotedAndFound() throws {
        let content = try network()
        let digest = try SHA256.hash(bytes: content)
        let server = try HTTPFixture { request in
            request.path == "/blob" ? .file(content, for: request, sending: request.earlier == 0 ? 1_000_000 : nil)
                : .init(302, headers: ["Location": "/blob", "X-Linked-ETag": "\"\(digest)\""])
        }
        let fetched = try resolver(server).fetch(.vitSmall16)
        #expect(fetched == ResolvedWeights(path: folder.path + "/.cache/vptsp/vit_small_patch16_224.augreg_in21k.safetensors", origin: "fetched", recordedSHA256: digest))
        #expect(server.requests.map(\.path) == [address, "/blob", address, "/blob"])
        #expect(server.requests.last?.rangeStart == 1_000_000)  // the cut connection went on where it was cut
        #expect(try fetched.checkedSHA256() == digest)
        #expect(try String(contentsOfFile: fetched.path + ".sha256", encoding: .utf8) == "\(digest)  vit_small_patch16_224.augreg_in21k.safetensors\n")
        #expect(try resolver(server).resolve(.vitSmall16) == fetched)
        _ = try resolver(server).fetch(.vitSmall16)
        #expect(server.requests.count == 4)  // what is there and unchanged is not fetched again
    }

    @Test func whatIsNotTheNetworkIsNotKept() throws {
        let page = try HTTPFixture { _ in .init(200, body: Array("<html>please log in</html>".utf8)) }
        #expect(throws: TensorFileError.self) { try resolver(page).fetch(.vitSmall16) }
        let content = try network()
        let other = try HTTPFixture { .file(content, for: $0) }
        #expect(throws: ViTError.self) { try resolver(other).fetch(.vitBase16) }
        #expect(throws: ViTError.self) { try resolver(other).resolve(.vitBase16) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/.cache/vptsp") == [])
    }

    @Test func aNetworkThatTheHubLacks() throws {
        let server = try HTTPFixture { _ in .init(404) }
        let error = #expect(throws: TransferError.self) { try resolver(server).fetch(.vitSmall16) }
        #expect(error?.description == "\(server.url)\(address): the server answered 404: there is no such file")
    }

    @Test func theHubsOwnAddress() {
        #expect(WeightResolver(environment: [:]).address(.vitBase16) == "https://huggingface.co/timm/vit_base_patch16_224.augreg_in21k/resolve/main/model.safetensors")
    }
}
