internal import EmbeddedAssets
internal import ImageData
internal import TensorFiles
internal import VisionTransformers

/// Why an experiment cannot be built, go on or be read back, in words for whoever wrote the script.
public struct ExperimentError: Error, CustomStringConvertible, Equatable, Sendable {
    /// Decides the exit code and the family of the diagnostic.
    public enum Kind: String, Sendable {
        /// The specification asks for something that cannot be: values that do not go together.
        case specification
        /// A step that must come first is missing: `train` without data.
        case state
        /// A file or folder is missing, unreadable or not what it should be.
        case input
        /// Something went wrong while running: a loss that is not a number, a full disk.
        case running
    }

    public var kind: Kind
    /// One sentence without a full stop: what is wrong, where, with the numbers.
    public var message: String
    /// What to do, one line each.
    public var help: [String]

    public init(_ kind: Kind, _ message: String, help: [String] = []) {
        self.kind = kind
        self.message = message
        self.help = help
    }

    public var description: String { ([message] + help.map { "  help: " + $0 }).joined(separator: "\n") }
}

/// Runs `body`; what the readers of files and pictures throw becomes an error of kind `input`.
func reading<Result>(_ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch let error as ImageError {
        throw ExperimentError(.input, "\(error.name): \(error.reason)", help: error.help.map { [$0] } ?? [])
    } catch let error as DatasetError {
        throw ExperimentError(.input, "\(error.dataset): \(error.reason)", help: error.help.map { [$0] } ?? [])
    } catch let error as AssetError {
        throw ExperimentError(.input, "\(error.file), which ships with the program: \(error.reason)", help: [error.help])
    } catch let error as ViTError {
        // The first line says what is wrong, the others where it was looked for and what to do.
        let lines = error.description.split(separator: "\n").map(String.init)
        throw ExperimentError(.input, lines.first ?? "", help: Array(lines.dropFirst()))
    } catch let error as TensorFileError {
        throw ExperimentError(.input, "\(error)")
    }
}
