import Foundation
public import ImageData

/// The data set and the weights that ship with the program: see Resources/README.md for where they come from.
public enum EmbeddedAssets {
    /// A small ViT: image 48, patch 8, width 128, depth 6, 4 heads, MLP ratio 4, mean = std = 0.5, timm tensor names.
    public enum VitNano: String, Sendable, CaseIterable {
        /// Pretrained as a classifier of 744 kana, Hangul, Latin, Greek and Cyrillic characters.
        case far
        /// Also of 800 kanji, none of which is in the data set.
        case near
    }

    /// Real glyphs: 200 kanji to train on and 200 others to test on, each in 12 faces, 48 x 48 grey.
    /// - Parameter distorted: rotated, scaled, sheared, in perspective and noisy, instead of as rendered.
    /// - Throws: `AssetError` when a file is missing or damaged.
    public static func glyphs(distorted: Bool) throws -> ImageDataset {
        try Glyphs.dataset(variant: distorted ? "distorted" : "clean")
    }

    /// The safetensors file of `vit-nano`.
    /// - Throws: `AssetError` when it is missing.
    public static func vitNano(_ weights: VitNano) throws -> URL {
        try AssetFolder.file("vit-nano-\(weights.rawValue).safetensors")
    }
}
