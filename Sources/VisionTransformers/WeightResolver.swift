import Foundation
import TensorFiles

/// A weight file that was found, and where.
public struct ResolvedWeights: Hashable, Sendable {
    public let path: String
    /// For the user: `given path`, `$VPTSP_WEIGHTS`, `Hugging Face cache`, `fetched`.
    public let origin: String
    /// The SHA-256 that `fetch` noted beside the file.
    public let recordedSHA256: String?

    public init(path: String, origin: String, recordedSHA256: String?) {
        self.path = path
        self.origin = origin
        self.recordedSHA256 = recordedSHA256
    }

    /// The file's SHA-256, compared with the noted one.
    /// - Throws: `ViTError` when the file has changed since it was fetched.
    public func checkedSHA256() throws -> String {
        let digest = try SHA256.hash(file: path)
        if let recordedSHA256, recordedSHA256 != digest {
            throw ViTError("\(path) has changed since it was fetched: its SHA-256 is \(digest), \(recordedSHA256) was noted; remove it and fetch it again")
        }
        return digest
    }
}

/// Finds a published network's weights on this machine.
///
/// In this order: the path given; `$VPTSP_WEIGHTS` (a file, or a folder that holds it under one of its names);
/// the Hugging Face cache; the folder that ``fetch(_:progress:)`` fills.
public struct WeightResolver: Sendable {
    let environment: [String: String]

    public init(environment: [String: String]) { self.environment = environment }

    /// Looks where this process's environment says.
    public init() { self.init(environment: ProcessInfo.processInfo.environment) }

    /// - Parameter path: a file that the user names; then nothing else is looked at.
    /// - Throws: `ViTError` that lists every place looked in and says how to fetch the weights.
    public func resolve(_ model: PretrainedBackbone, path: String? = nil) throws -> ResolvedWeights {
        if let path {
            let file = expand(path)
            guard isFile(file) else {
                throw ViTError(isFolder(file) ? "\(file) is a folder; the weights are a file (.safetensors or .npz)" : "there is no weight file \(file)")
            }
            return ResolvedWeights(path: file, origin: "given path", recordedSHA256: Self.recordedSHA256(of: file))
        }
        var looked: [String] = []
        for place in places(of: model) {
            if let file = place.files().first(where: isFile) {
                return ResolvedWeights(path: file, origin: place.origin, recordedSHA256: Self.recordedSHA256(of: file))
            }
            looked.append(place.description)
        }
        throw ViTError("""
            the weights of \(model.rawValue) (\(model.timmName)) are not on this machine. Looked in:
            \(looked.map { "  " + $0 }.joined(separator: "\n"))
            Fetch them with `vptsp fetch \(model.rawValue)`, name the file with `weights=`, or set VPTSP_WEIGHTS to the file or its folder.
            """)
    }

    /// Where `fetch` puts the network.
    public func fetchPath(_ model: PretrainedBackbone) -> String { "\(cacheFolder)/vptsp/\(model.timmName).safetensors" }

    private struct Place {
        let origin: String
        let description: String
        let files: () -> [String]
    }

    private func places(of model: PretrainedBackbone) -> [Place] {
        var places: [Place] = []
        if let own = variable("VPTSP_WEIGHTS").map(expand) {
            places.append(Place(origin: "$VPTSP_WEIGHTS", description: "$VPTSP_WEIGHTS: \(own)") {
                guard isFolder(own) else { return [own] }
                let inside = model.fileNames.map { "\(own)/\($0)" } + snapshots(of: model, in: own)
                return URL(fileURLWithPath: own).lastPathComponent == model.timmName ? inside + ["\(own)/model.safetensors"] : inside
            })
        } else {
            places.append(Place(origin: "$VPTSP_WEIGHTS", description: "$VPTSP_WEIGHTS (not set)") { [] })
        }
        places.append(Place(origin: "Hugging Face cache", description: "\(hubCache)/\(model.hubFolder)/snapshots (Hugging Face cache)") {
            snapshots(of: model, in: hubCache)
        })
        places.append(Place(origin: "fetched", description: fetchPath(model)) { [fetchPath(model)] })
        return places
    }

    /// `model.safetensors` of the snapshots of a hub cache, the one that `refs/main` names first.
    private func snapshots(of model: PretrainedBackbone, in cache: String) -> [String] {
        let folder = "\(cache)/\(model.hubFolder)"
        let main = (try? String(contentsOfFile: "\(folder)/refs/main", encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines)
        let revisions = ((try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/snapshots")) ?? []).sorted()
        return (revisions.filter { $0 == main } + revisions.filter { $0 != main }).map { "\(folder)/snapshots/\($0)/model.safetensors" }
    }

    private var hubCache: String {
        if let cache = variable("HF_HUB_CACHE") { return expand(cache) }
        if let home = variable("HF_HOME") { return expand(home) + "/hub" }
        return cacheFolder + "/huggingface/hub"
    }

    private var cacheFolder: String { variable("XDG_CACHE_HOME").map(expand) ?? home + "/.cache" }
    private var home: String { variable("HOME") ?? NSHomeDirectory() }

    /// The variable's value; an empty one counts as unset.
    private func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

    private func expand(_ path: String) -> String {
        path == "~" || path.hasPrefix("~/") ? home + path.dropFirst() : path
    }

    private func isFile(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
    }

    private func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// What `sha256sum` would have printed into `path.sha256`.
    static func recordedSHA256(of path: String) -> String? {
        guard let text = try? String(contentsOfFile: path + ".sha256", encoding: .utf8), let digest = text.split(separator: " ").first,
              SHA256.isDigest(String(digest))
        else { return nil }
        return String(digest)
    }
}
