import Foundation
import ImageData
import MetricLearning
import TensorEngine
import TensorFiles
import VisionTransformers

/// Runs a directory of cases through the program's own code and compares the numbers.
///
/// The directory holds `cases.json`, `{"cases": [{"name": …, "kind": "method" | "loss" | "metrics" | "image", …}]}`,
/// and `<name>.safetensors` with inputs and expected results of each.
public struct VerificationRunner {
    public struct Summary: Equatable, Sendable {
        public var passed = 0
        public var failed = 0
        /// Cases that ask for something this program does not have.
        public var unsupported = 0
        /// What the exit status says.
        public var succeeded: Bool { failed == 0 }
    }

    private enum Verdict { case pass(String), fail(String), unsupported(String) }

    /// What ``run(directory:output:threads:precision:products:)`` takes.
    public static let precisions = Precision.allCases.map(\.rawValue)
    public static let libraries = ProductLibrary.allCases.map(\.rawValue)

    /// Prints one line a case and one at the end.
    /// - Throws: `VerificationError` when there is no usable `cases.json`; `EngineError` when there is no engine.
    @discardableResult
    public static func run(
        directory: String, output: (String) -> Void, threads: Int, precision: String = Precision.f32.rawValue,
        products: String = ProductLibrary.openblas.rawValue
    ) throws -> Summary {
        let cases = try cases(directory)
        guard let precision = Precision(rawValue: precision) else {
            throw VerificationError("there is no precision `\(precision)`; there are \(precisions.joined(separator: ", "))")
        }
        guard let library = ProductLibrary(rawValue: products) else {
            throw VerificationError("there are no products `\(products)`; there are \(libraries.joined(separator: ", "))")
        }
        let engine = try Engine(threads: threads, precision: precision, library: library)
        let width = cases.map(\.name.printable.count).max() ?? 0
        var summary = Summary()
        for settings in cases {
            let name = settings.name.printable.padding(toLength: width, withPad: " ", startingAt: 0)
            switch verdict(settings, engine) {
            case .pass(let text):
                summary.passed += 1
                output("pass         \(name)  \(text)")
            case .fail(let text):
                summary.failed += 1
                output("FAIL         \(name)  \(text)")
            case .unsupported(let text):
                summary.unsupported += 1
                output("unsupported  \(name)  \(text)")
            }
        }
        output("\(summary.passed) passed, \(summary.failed) failed, \(summary.unsupported) unsupported")
        return summary
    }

    private static func cases(_ directory: String) throws -> [CaseSettings] {
        let path = "\(directory)/cases.json"
        let text: [UInt8]
        do {
            let file = try RandomAccessFile(path: path)
            text = try file.bytes(0..<file.count)
        } catch let error as TensorFileError { throw VerificationError(error.description) }
        let json: JSONValue
        do { json = try JSONValue.parse(text) } catch { throw VerificationError("\(path): \(error)") }
        guard let entries = json.object?["cases"]?.array else { throw VerificationError("\(path): there is no list `cases`") }
        guard !entries.isEmpty else { throw VerificationError("\(path): the list `cases` is empty") }
        let cases = try entries.enumerated().map { try CaseSettings($1, place: $0, directory: directory) }
        var names: Set<String> = []
        if let twice = cases.first(where: { !names.insert($0.name).inserted }) {
            throw VerificationError("\(path): the case `\(twice.name.printable)` is there twice")
        }
        return cases
    }

    private static func verdict(_ settings: CaseSettings, _ engine: Engine) -> Verdict {
        do {
            let comparison = switch settings.kind {
            case "method": try MethodCase(settings).run(engine)
            case "loss": try LossCase(settings).run(engine)
            case "metrics": try MetricsCase(settings).run(engine)
            case "image": try ImageCase(settings).run()
            default: throw CaseFault.unsupported("the kind `\(settings.kind.printable)`")
            }
            return comparison.passes ? .pass(comparison.summary) : .fail(comparison.summary)
        } catch CaseFault.unsupported(let what) {
            return .unsupported(what)
        } catch CaseFault.malformed(let what) {
            return .fail(what)
        } catch {
            return .fail("\(error)")
        }
    }
}
