internal import Sweeps
internal import VPSAnalysis
internal import Foundation

/// The axes of a sweep as the dimensions of a search, and its points as settings.
struct SweepValues {
    private let axes: [SweepAxis]

    init(_ space: SweepSpace) { axes = space.groups.first ?? [] }

    /// Nil when an axis is not known.
    var dimensions: [SearchDimension]? {
        let dimensions = axes.compactMap { axis -> SearchDimension? in
            switch axis.domain {
            case .points(let points): .choice(points.count)
            case .uniform(let range): .uniform(range)
            case .logUniform(let range): .logUniform(range)
            case .integers(let range): .integers(range)
            case .unknown: nil
            }
        }
        return dimensions.count == axes.count ? dimensions : nil
    }

    func setting(_ point: [Double]) -> SweepSpace.Setting {
        zip(axes, point).flatMap { axis, number -> SweepSpace.Setting in
            let values: [Value] = switch axis.domain {
            case .points(let points): Int(exactly: number).flatMap { points.indices.contains($0) ? points[$0] : nil } ?? []
            case .uniform(let range), .logUniform(let range): [.number(min(max(Self.rounded(number), range.lowerBound), range.upperBound))]
            case .integers: Int(exactly: number).map { [.integer($0)] } ?? []
            case .unknown: []
            }
            return zip(axis.names, values).map { ($0.text, $1) }
        }
    }

    /// To six digits: more say nothing, and make tables hard to read.
    private static func rounded(_ value: Double) -> Double { Double(String(format: "%.6g", value)) ?? value }
}
