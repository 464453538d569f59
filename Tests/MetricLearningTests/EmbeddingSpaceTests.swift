import Foundation
import MetricLearning
import TensorEngine
import Testing
import VisionTransformers

@Suite struct EmbeddingSpaceTests {
    let engine: Engine
    init() throws { engine = try Engine(threads: 2) }

    /// (2 / sqrt c) artanh(sqrt c |-x (+) y|), the distance by Möbius addition (Ganea et al. 2018, equations 4 and 7).
    private func distance(_ x: [Double], _ y: [Double], c: Double) -> Double {
        func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).map(*).reduce(0, +) }
        let (xy, x2, y2) = (-dot(x, y), dot(x, x), dot(y, y))
        let denominator = 1 + 2 * c * xy + c * c * x2 * y2
        let sum = zip(x, y).map { ((1 + 2 * c * xy + c * y2) * -$0 + (1 - c * x2) * $1) / denominator }
        return 2 / c.squareRoot() * atanh(c.squareRoot() * dot(sum, sum).squareRoot())
    }

    /// Points of different lengths, in the ball of curvature -c.
    private func points(_ count: Int, _ name: String, c: Double) -> Tensor {
        let raw = noise([count, 5], name)
        for row in 0..<count {
            let length = (0..<5).reduce(Float(0)) { $0 + raw.pointer[row * 5 + $1] * raw.pointer[row * 5 + $1] }.squareRoot()
            let wanted = Float(row % 7 + 1) / 8 / Float(c.squareRoot())
            for i in 0..<5 { raw.pointer[row * 5 + i] *= wanted / length }
        }
        return raw
    }

    @Test(arguments: [0.1, 1, 3]) func neighboursAreThoseByHyperbolicDistance(_ c: Double) throws {
        let (queries, gallery) = (points(20, "q", c: c), points(60, "g", c: c))
        let found = try NearestNeighbors(engine: engine, measure: .hyperbolic(curvature: c)).search(queries: queries, gallery: gallery, k: 60)
        func row(_ x: Tensor, _ i: Int) -> [Double] { x.array()[i * 5..<i * 5 + 5].map(Double.init) }
        var differsFromCosine = false
        for q in 0..<20 {
            let distances = (0..<60).map { distance(row(queries, q), row(gallery, $0), c: c) }
            for (one, next) in zip(found[q], found[q].dropFirst()) { #expect(distances[one.index] <= distances[next.index] + 1e-4) }
            for neighbor in found[q] { #expect(abs(Double(neighbor.similarity) + distances[neighbor.index]) < 2e-3) }
            let angular = try NearestNeighbors(engine: engine).search(queries: queries.rows(q..<q + 1), gallery: gallery, k: 1)
            if angular[0][0].index != found[q][0].index { differsFromCosine = true }
        }
        #expect(differsFromCosine)
    }

    /// An item is left out by its index, and is its own nearest where it is not.
    @Test func itemsAmongThemselves() throws {
        let items = points(30, "items", c: 0.5)
        let search = NearestNeighbors(engine: engine, measure: .hyperbolic(curvature: 0.5))
        #expect(try search.search(queries: items, gallery: items, k: 1).enumerated().allSatisfy { $1[0].index == $0 })
        #expect(try search.search(queries: items, gallery: items, k: 29, leavingOut: true).enumerated().allSatisfy { i, row in !row.contains { $0.index == i } })
    }

    /// What a model of a hyperbolic loss gives lies in the ball; of any other, on the sphere.
    @Test func modelsEmbedIntoTheLosssSpace() throws {
        let vit = try ViTConfiguration(image: 16, patch: 8, dim: 24, depth: 2, heads: 2)
        let head = HeadConfiguration(kind: .linear, dim: 6, initial: .orthogonal)
        func lengths(_ loss: any Loss) throws -> [Float] {
            let model = try MetricModel(
                ModelConfiguration(classes: 3, head: head), backbone: VisionTransformer(configuration: vit, seed: 1), loss: loss, seed: 0)
            #expect(model.proxies == nil)
            #expect(model.head.parameters.map(\.name) == ["head.linear.weight", "head.linear.bias"])
            let rows = try model.embed(images: noise([4, 3, 16, 16], "images"), engine: engine)
            return (0..<4).map { row in (0..<6).reduce(Float(0)) { $0 + rows.pointer[row * 6 + $1] * rows.pointer[row * 6 + $1] }.squareRoot() }
        }
        #expect(try lengths(HyperbolicLoss(curvature: 0)).allSatisfy { abs($0 - 1) < 1e-5 })
        let rim = Float(tanh(0.5 * 1.2) / 0.5)
        let ball = try lengths(HyperbolicLoss(curvature: 0.25, clip: 1.2))
        #expect(ball.allSatisfy { $0 <= rim + 1e-5 && $0 > 0.1 })
    }
}
