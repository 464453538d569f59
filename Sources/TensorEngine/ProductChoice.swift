import COneDNN
import COpenBLAS

/// A product's matrix on the right, (inputs, outputs).
public struct ProductShape: Hashable, Sendable, CustomStringConvertible {
    public let inputs, outputs: Int

    public init(inputs: Int, outputs: Int) { (self.inputs, self.outputs) = (inputs, outputs) }

    /// `384x1152`
    public init?(_ text: String) {
        let sides = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard sides.count == 2, let inputs = sides[0], let outputs = sides[1], inputs > 0, outputs > 0 else { return nil }
        self.init(inputs: inputs, outputs: outputs)
    }

    public var description: String { "\(inputs)x\(outputs)" }
}

/// Whose product is run for each shape; OpenBLAS's for shapes that are not named.
public typealias ProductChoices = [ProductShape: ProductLibrary]

extension Engine {
    /// Whose product with a weight (inputs k, outputs n) is run.
    func library(k: Int, n: Int) -> ProductLibrary {
        let chosen = choices[ProductShape(inputs: k, outputs: n)] ?? library
        return chosen == .tiles && k > DigitWeight.largestSum ? .openblas : chosen
    }

    /// Releases and kernels of both libraries of f32.
    public static var libraryIdentity: String {
        let oneDNN = vptsp_dnnl_open() == nil ? String(cString: vptsp_dnnl_identity()) : "none"
        return vptsp_blas_open() == nil ? "OpenBLAS \(String(cString: vptsp_blas_config())) \(String(cString: vptsp_blas_kernel())), oneDNN \(oneDNN)" : oneDNN
    }

    /// How much faster another must be seen to be than OpenBLAS, which is always there.
    private static let advantage = 1.05

    /// The fastest in f32 for each shape of those that are to be had, by turns on this machine, a twentieth of a second each.
    /// - Parameters:
    ///   - rows: of activations, 1 or more
    ///   - threads: 1 or more
    public static func fasterLibraries(for shapes: Set<ProductShape>, rows: Int, threads: Int) throws -> ProductChoices {
        let there = ProductLibrary.allCases.filter { unavailability(of: .f32, $0) == nil }
        guard there.count > 1 else { return Dictionary(uniqueKeysWithValues: shapes.map { ($0, .openblas) }) }
        let engines = try there.map { try Engine(threads: threads, library: $0) }
        return try shapes.sorted { ($0.inputs, $0.outputs) < ($1.inputs, $1.outputs) }.reduce(into: [:]) { choices, shape in
            var rates = [Double](repeating: 0, count: there.count)
            for _ in 0..<3 {
                for (index, engine) in engines.enumerated() {
                    rates[index] = max(rates[index], try engine.productRate(rows: rows, inputs: shape.inputs, outputs: shape.outputs, seconds: 0.015))
                }
            }
            let best = zip(there, rates).max { $0.1 < $1.1 } ?? (.openblas, 0)
            choices[shape] = best.1 > advantage * rates[0] ? best.0 : .openblas
        }
    }
}
