import Foundation

/// The benchmarks' distributions in small, as Scripts/make-data-miniatures.py writes them: files, fields and names of the
/// originals, 8 classes to train on and 8 to test on, 4 pictures of 32 x 24 pixels each.
public enum DataMiniatures {
    /// In the order of the paper's tables; the Cars-196 of the later distribution is `cars196-devkit` beside them.
    public static let names = ["cub200", "cars196", "sop", "inshop", "inat2018"]

    /// The folder to give as `path=` to `data <name>`; read only.
    public static func path(_ name: String) -> String {
        Bundle.module.bundleURL.appendingPathComponent("Resources").appendingPathComponent(name).path
    }
}
