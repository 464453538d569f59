/// Which of the backbone's own weights are trained.
public enum TuningSpecification: String, Codable, Equatable, Sendable, CaseIterable {
    /// None of them.
    case frozen = "none"
    /// Every bias (BitFit, Zaken et al. 2022).
    case bitfit
    /// All of them.
    case full
}
