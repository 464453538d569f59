/// A published network whose weights can be found or fetched by name: ImageNet-21k, AugReg (Steiner et al. 2022).
public enum PretrainedBackbone: String, Codable, Sendable, CaseIterable {
    case vitSmall16 = "vit-s16"
    case vitBase16 = "vit-b16"

    public var configuration: ViTConfiguration {
        switch self {
        case .vitSmall16: .small16
        case .vitBase16: .base16
        }
    }

    /// The name under which timm and the Hugging Face hub know the weights.
    public var timmName: String {
        switch self {
        case .vitSmall16: "vit_small_patch16_224.augreg_in21k"
        case .vitBase16: "vit_base_patch16_224.augreg_in21k"
        }
    }

    /// The authors' own file.
    public var augRegFile: String {
        switch self {
        case .vitSmall16: "S_16-i21k-300ep-lr_0.001-aug_light1-wd_0.03-do_0.0-sd_0.0.npz"
        case .vitBase16: "B_16-i21k-300ep-lr_0.001-aug_medium1-wd_0.1-do_0.0-sd_0.0.npz"
        }
    }

    /// What the files of this network may be called in a folder of weights, best first.
    var fileNames: [String] {
        ["\(timmName).safetensors", "\(timmName)/model.safetensors", "\(rawValue).safetensors", augRegFile, "\(rawValue).npz"]
    }

    /// The network's folder in a cache of the Hugging Face hub.
    var hubFolder: String { "models--timm--\(timmName)" }
}
