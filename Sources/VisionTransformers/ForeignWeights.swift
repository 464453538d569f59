/// Weight files that are recognised and cannot be used, and what to use instead.
enum ForeignWeights {
    private static let supported = "supported are timm's vision transformers with a CLS token"

    /// - Parameter found: every tensor's shape by name
    /// - Returns: why no network here can take the file; nil where one may
    static func reason(_ found: [String: [Int]]) -> String? {
        func has(_ part: String) -> Bool { found.keys.contains { $0.hasSuffix(part) } }
        if found["blocks.0.norm1.weight"] == nil { return otherNames(found, has) }
        if has(".mlp.w12.weight") || has(".mlp.fc1_g.weight") { return "a network with gated MLPs (SwiGLU) is not supported; \(supported)" }
        if has(".attn.q_norm.weight") { return "a network that normalises queries and keys (`attn.q_norm`) is not supported; \(supported)" }
        if has("relative_position_bias_table") || has(".attn.q_bias") { return "a network with relative positions (BEiT) is not supported; \(supported)" }
        if has(".attn.q_proj.weight") { return "a network with rotary positions (EVA) is not supported; \(supported)" }
        if found.keys.contains(where: { $0.hasPrefix("attn_pool.") }) { return "a network that pools by attention (SigLIP: `attn_pool`) is not supported; \(supported)" }
        if found["fc_norm.weight"] != nil { return "a network that averages its tokens (`fc_norm`) is not supported; \(supported)" }
        if found["decoder_embed.weight"] != nil { return "the file is of a masked autoencoder with its decoder (MAE); take timm's file of the encoder (vit_base_patch16_224.mae)" }
        if found["register_tokens"] != nil { return "the names are those of DINOv2's own program (`register_tokens`); take timm's file of the same network" }
        if found["cls_token"] == nil { return "a network without a CLS token is not supported; \(supported)" }
        if found["pos_embed"] == nil { return "a network without a position embedding is not supported; \(supported)" }
        return nil
    }

    private static func otherNames(_ found: [String: [Int]], _ has: (String) -> Bool) -> String {
        if let prefix = found.keys.first(where: { $0.hasSuffix(".blocks.0.norm1.weight") })?.dropLast("blocks.0.norm1.weight".count) {
            let ours = prefix == "backbone." ? ", as of a model that `save` wrote (`restore` takes it)" : ""
            return "its tensors' names begin with `\(prefix)`\(ours); timm's begin with `blocks.0`"
        }
        if has("vision_model.embeddings.class_embedding") || has("embeddings.patch_embedding.weight") {
            return "the names are those of CLIP in Hugging Face's transformers library; take timm's file of the same network (vit_base_patch16_clip_224.openai)"
        }
        if has("embeddings.cls_token") { return "the names are those of Hugging Face's transformers library; take timm's file of the same network" }
        if has("visual.class_embedding") || has("transformer.resblocks.0.attn.in_proj_weight") {
            return "the names are those of OpenAI's CLIP and OpenCLIP; take timm's file of the same network (vit_base_patch16_clip_224.openai)"
        }
        if has("encoder.layers.encoder_layer_0.ln_1.weight") { return "the names are those of torchvision; take timm's file of a vision transformer" }
        return "holds no vision transformer under timm's names; \(supported)"
    }
}
