/// A row of table 1 of Ren et al. 2024 (CUB-200-2011, ViT-S/16, batches of 64), as the paper prints it.
public struct PublishedRow: Codable, Equatable, Sendable {
    /// As `method` names it, with ` bitfit` for the "(B)" rows.
    public var method: String
    public var title: String
    /// Trained values, in millions.
    public var trained: Double
    /// Largest memory of training, GB.
    public var memory: Double
    /// Percent.
    public var recall: Double
    public var meanAveragePrecision: Double

    private init(_ method: String, _ title: String, trained: Double, memory: Double, recall: Double, map: Double) {
        (self.method, self.title) = (method, title)
        (self.trained, self.memory, self.recall, meanAveragePrecision) = (trained, memory, recall, map)
    }

    /// In the paper's order.
    public static let table1 = [
        PublishedRow("full", "Full fine-tuning", trained: 30.2, memory: 6.0, recall: 85.5, map: 51.1),
        PublishedRow("linear", "Linear", trained: 0.19, memory: 1.7, recall: 84.9, map: 48.1),
        PublishedRow("bitfit", "BitFit", trained: 0.26, memory: 4.4, recall: 85.7, map: 51.3),
        PublishedRow("adapter", "Adapter", trained: 1.57, memory: 1.9, recall: 83.1, map: 46.4),
        PublishedRow("adapter bitfit", "Adapter (B)", trained: 0.46, memory: 2.4, recall: 85.8, map: 49.7),
        PublishedRow("vpt", "VPT", trained: 0.23, memory: 2.2, recall: 85.1, map: 51.2),
        PublishedRow("vpt bitfit", "VPT (B)", trained: 0.30, memory: 2.2, recall: 85.7, map: 51.6),
        PublishedRow("vptsp-m", "VPTSP-M", trained: 0.60, memory: 2.5, recall: 85.4, map: 51.4),
        PublishedRow("vptsp-m bitfit", "VPTSP-M (B)", trained: 0.67, memory: 2.6, recall: 85.9, map: 51.8),
        PublishedRow("vptsp-g", "VPTSP-G", trained: 1.48, memory: 2.5, recall: 86.1, map: 52.1),
        PublishedRow("vptsp-g bitfit", "VPTSP-G (B)", trained: 1.56, memory: 2.6, recall: 86.6, map: 52.7),
    ]

    /// Values that the paper's percentages take as 100 %: a ViT-S/16 with its classifier of 21,843 ImageNet-21k classes, which no method uses.
    public static let wholeOfPaper = 30_200_000.0
}
