/// A row of table 1 of Ren et al. 2024 (CUB-200-2011, ViT-S/16, batches of 64): what the paper states of it, as far as this project's
/// description of the method gives it. What that leaves out is nil, and a dash in the table.
public struct PublishedRow: Codable, Equatable, Sendable {
    /// As `method` names it, with ` bitfit` for the "(B)" rows.
    public var method: String
    public var title: String
    /// Trained values, in millions.
    public var trained: Double?
    /// Largest memory of training, GB.
    public var memory: Double?
    /// Percent.
    public var recall: Double?
    public var meanAveragePrecision: Double?

    private init(_ method: String, _ title: String, trained: Double? = nil, memory: Double? = nil, recall: Double? = nil, map: Double? = nil) {
        (self.method, self.title) = (method, title)
        (self.trained, self.memory, self.recall, meanAveragePrecision) = (trained, memory, recall, map)
    }

    /// In the paper's order.
    public static let table1 = [
        PublishedRow("full", "Full fine-tuning", trained: 30.2),
        PublishedRow("linear", "Linear", trained: 0.19),
        PublishedRow("bitfit", "BitFit", trained: 0.26),
        PublishedRow("adapter", "Adapter", trained: 1.57),
        PublishedRow("adapter bitfit", "Adapter (B)", trained: 0.46),
        PublishedRow("vpt", "VPT", trained: 0.23),
        PublishedRow("vpt bitfit", "VPT (B)", trained: 0.30),
        PublishedRow("vptsp-m", "VPTSP-M"),
        PublishedRow("vptsp-m bitfit", "VPTSP-M (B)"),
        PublishedRow("vptsp-g", "VPTSP-G", trained: 1.48),
        PublishedRow("vptsp-g bitfit", "VPTSP-G (B)"),
    ]

    /// Values that the paper's percentages take as 100 %: a ViT-S/16 with its classifier of 21,843 ImageNet-21k classes, which no method uses.
    public static let wholeOfPaper = 30_200_000.0
}
