import TensorFiles

extension WeightFile {
    /// Tensors of a classifier, which no part of this program uses.
    private static let classifier: Set<String> = ["head.weight", "head.bias", "pre_logits.fc.weight", "pre_logits.fc.bias"]

    /// Compares what a file holds with what a network needs.
    /// - Throws: `ViTError` that names tensors with both shapes, those missing, and those that no such network has.
    static func check(_ found: [String: [Int]], of path: String, expecting: [(name: String, shape: [Int])]) throws {
        if let reason = unsupported(found) { throw ViTError("\(path): \(reason)") }
        var faults: [String] = []
        for (name, shape) in expecting {
            guard let other = found[name], other != shape else { continue }
            faults.append("tensor `\(name)` has shape \(other); this network needs \(shape)" + hint(name, found: other, expected: shape))
        }
        let needed = Set(expecting.map(\.name))
        faults += expecting.filter { found[$0.name] == nil }.map { "tensor `\($0.name)` of shape \($0.shape) is missing" }
        faults += found.keys.filter { !needed.contains($0) && !classifier.contains($0) }.sorted().map {
            "tensor `\($0.printable)` of shape \(found[$0] ?? []) has no place in this network"
        }
        guard let first = faults.first else { return }
        guard faults.count > 1 else { throw ViTError("\(path): \(first)") }
        let shown = faults.prefix(6).map { "\n  " + $0 }.joined()
        let more = faults.count > 6 ? "\n  and \(faults.count - 6) more" : ""
        throw ViTError("\(path) does not fit:\(shown)\(more)")
    }

    /// The kinds of vision transformer that are recognised and not built here.
    private static func unsupported(_ found: [String: [Int]]) -> String? {
        func has(_ part: String) -> Bool { found.keys.contains { $0.hasSuffix(part) } }
        let supported = "supported are plain vision transformers with a CLS token, as timm names their tensors"
        if found["dist_token"] != nil { return "a distilled network (DeiT: it has `dist_token`) is not supported; \(supported)" }
        if found["reg_token"] != nil { return "a network with register tokens (`reg_token`) is not supported; \(supported)" }
        if found["norm_pre.weight"] != nil { return "a network with a norm before its blocks (CLIP: `norm_pre`) is not supported; \(supported)" }
        if has(".ls1.gamma") { return "a network with layer scale (`ls1.gamma`) is not supported; \(supported)" }
        if found["fc_norm.weight"] != nil { return "a network that averages its tokens (`fc_norm`) is not supported; \(supported)" }
        if has("embeddings.cls_token") { return "the names are those of Hugging Face's transformers library; take the timm file of the same network" }
        if !found.keys.contains(where: { $0.hasPrefix("blocks.") }) { return "holds no vision transformer under timm's names; \(supported)" }
        if found["cls_token"] == nil { return "a network without a CLS token is not supported; \(supported)" }
        return nil
    }

    private static func hint(_ name: String, found: [Int], expected: [Int]) -> String {
        guard name == "pos_embed", found.count == 3, expected.count == 3, found[2] == expected[2] else { return "" }
        return ": the file is for images of another size (\(found[1]) tokens instead of \(expected[1]))"
    }
}
