internal import Foundation
package import TensorEngine
internal import TensorFiles
internal import VisionTransformers

extension Experiment {
    /// `products=measured`: which library is the faster for each product of the network at hand. What a run was begun with stays with it; else
    /// what was measured on this machine before, so that a script gives the same bytes again; else it is measured now, in about a second.
    /// - Throws: ``ExperimentError`` in a job of several processes, whose machines would each measure for themselves.
    func productChoices() throws -> ProductChoices {
        guard group == nil else {
            throw ExperimentError(
                .specification, "`products=measured` is for one process: several would each find another library the faster one",
                help: ["say `precision f32 products=onednn`, or `products=openblas`"])
        }
        if let manifest = continued.flatMap({ try? $0.folder.manifest() }) { recallProducts(of: manifest) }
        guard specification.backbone != nil else { return [:] }
        let vit = try readyBackbone().configuration
        let shapes = vit.productShapes
        let missing = shapes.subtracting(knownChoices.keys)
        if !missing.isEmpty {
            let found = try MeasuredProducts(threads: threads).choices(for: missing, rows: 8 * vit.tokens)
            knownChoices.merge(found) { known, _ in known }
        }
        return knownChoices.filter { shapes.contains($0.key) }
    }

    /// From here on the run's choice counts.
    func recallProducts(of manifest: RunManifest) {
        knownChoices.merge(ProductChoices(texts: manifest.products ?? [:])) { _, recorded in recorded }
    }
}

extension ProductChoices {
    /// `384x1152` to `onednn`, as files hold it; what is not of this form is left out.
    init(texts: [String: String]) {
        self = texts.reduce(into: [:]) { choices, text in
            if let shape = ProductShape(text.key), let library = ProductLibrary(rawValue: text.value) { choices[shape] = library }
        }
    }

    var texts: [String: String] { reduce(into: [:]) { $0[$1.key.description] = $1.value.rawValue } }
}

extension ViTConfiguration {
    /// Of products with frozen weights, forward and backward: queries, keys and values (in the last block keys and values apart), the projection,
    /// the hidden layer and the patches.
    var productShapes: Set<ProductShape> {
        let wide = max(1, Int(Double(dim) * mlpRatio))
        return Set(
            [(dim, 3 * dim), (dim, 2 * dim), (dim, dim), (dim, wide), (wide, dim), (3 * dim, dim), (2 * dim, dim), (3 * patch * patch, dim)]
                .map { ProductShape(inputs: $0, outputs: $1) })
    }
}

/// What was measured on this machine before, in one file for each processor, number of threads and release of the libraries.
package struct MeasuredProducts {
    private let threads: Int
    private let path: String?

    /// - Parameter environment: says where the file lies (``CacheFolder``); it is kept nowhere where it does not
    package init(threads: Int, environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        self.threads = threads
        let machine = "\(ProgramIdentity.processor)\n\(Engine.libraryIdentity)\n\(threads)"
        let name = try SHA256.hash(bytes: Array(machine.utf8)).prefix(16)
        path = CacheFolder.path("products/\(name).json", environment: environment)
    }

    package func choices(for shapes: Set<ProductShape>, rows: Int) throws -> ProductChoices {
        var known = path.flatMap(FileManager.default.contents(atPath:)).flatMap { try? JSONDecoder().decode([String: String].self, from: $0) } ?? [:]
        let before = ProductChoices(texts: known)
        let missing = shapes.subtracting(before.keys)
        guard !missing.isEmpty else { return before.filter { shapes.contains($0.key) } }
        let measured = try Engine.fasterLibraries(for: missing, rows: rows, threads: threads)
        known.merge(measured.texts) { known, _ in known }
        if let path {
            // No file is no harm: it is measured again then.
            try? FileManager.default.createDirectory(atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try? AtomicFile.write(JSONFile.encode(known), to: path)
        }
        return before.merging(measured) { before, _ in before }.filter { shapes.contains($0.key) }
    }
}
