import Foundation
import TensorFiles

extension WeightResolver {
    /// Downloads a published network's weights from the Hugging Face hub into ``fetchPath(_:)``.
    ///
    /// `$VPTSP_HUB` names another hub (a mirror). The SHA-256 that the hub states for the file is checked and noted
    /// in `<file>.sha256`, in the form of `sha256sum`. A fetched file that still matches its note is not fetched again.
    /// - Parameter progress: `false` stops; the next call goes on from there.
    /// - Throws: `TransferError`; `ViTError` or `TensorFileError` when what came is not this network.
    @discardableResult
    public func fetch(_ model: PretrainedBackbone, progress: @escaping (Transfer.Progress) -> Bool = { _ in true }) throws -> ResolvedWeights {
        let path = fetchPath(model)
        if let recorded = Self.recordedSHA256(of: path), (try? SHA256.hash(file: path)) == recorded {
            return ResolvedWeights(path: path, origin: "fetched", recordedSHA256: recorded)
        }
        let (folder, name) = AtomicFile.split(path)
        do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
            throw ViTError("the folder \(folder) cannot be made: \(error.localizedDescription)")
        }
        let result = try Transfer.download(
            url: address(model), to: path,
            progress: progress,
            accept: { temporary in try WeightFile.check(SafeTensorsFile(path: temporary).shapes, of: temporary, for: model.configuration) })
        try AtomicFile.write(Array("\(result.sha256)  \(name)\n".utf8), to: path + ".sha256")
        return ResolvedWeights(path: path, origin: "fetched", recordedSHA256: result.sha256)
    }

    /// Where the hub keeps the network.
    public func address(_ model: PretrainedBackbone) -> String {
        let given = environment["VPTSP_HUB"] ?? ""
        var hub = given.isEmpty ? "https://huggingface.co" : given
        while hub.hasSuffix("/") { hub.removeLast() }
        return "\(hub)/timm/\(model.timmName)/resolve/main/model.safetensors"
    }
}
