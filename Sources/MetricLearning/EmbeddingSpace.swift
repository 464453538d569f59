import TensorEngine

/// Where embeddings lie and how near two of them are.
public enum EmbeddingSpace: Equatable, Sendable {
    /// Unit rows, by their cosine.
    case sphere
    /// Points of the Poincaré ball, by minus their hyperbolic distance.
    case ball(PoincareBall)

    /// The embeddings of raw rows: (B, E) to (B, E).
    func points(_ raw: Variable, _ tape: Tape) -> Variable {
        switch self {
        case .sphere: tape.normalizeRows(raw)
        case .ball(let ball): ball.mapped(raw, tape)
        }
    }

    /// How embeddings of the space are ranked.
    public var measure: RankingMeasure {
        switch self {
        case .sphere: .cosine
        case .ball(let ball): .hyperbolic(curvature: ball.curvature)
        }
    }
}
