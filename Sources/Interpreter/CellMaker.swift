internal import Diagnostics
internal import Experiments
internal import Sweeps
import VPSAnalysis
internal import VPSSyntax

/// Makes the cells of a sweep: each setting and seed as statements that need nothing else, under the hash of all that
/// they depend on.
final class CellMaker {
    private let body: [Statement]
    private let options: SweepOptions
    private let session: Session
    /// What cells start from.
    let start: ExperimentSpecification
    /// SHA-256 of what the session has loaded, and of the model that cells start with.
    private let weights, data: String?
    var model: String?
    /// SHA-256 of what cells load themselves, by statement.
    private var known: [String: String] = [:]

    init(_ body: [Statement], _ options: SweepOptions, in session: Session) throws {
        self.body = body
        self.options = options
        self.session = session
        start = session.experiment.specification
        (weights, data) = try session.experiment.partIdentities()
    }

    /// Of the session that the sweep starts from, whatever the seed.
    func startHash() throws -> String {
        var values = start
        values.seed = 0
        return try CellIdentity(start: values.hash(), weights: weights, data: data, model: nil, inputs: [:], statements: "").hash()
    }

    /// One for each seed.
    /// - Parameter number: of the setting, from 0.
    func cells(_ number: Int, _ setting: SweepSpace.Setting) throws -> [SweepCell] {
        try (0..<options.seedCount).map { try cell(number, setting, seed: $0) }
    }

    private func cell(_ number: Int, _ setting: SweepSpace.Setting, seed index: Int) throws -> SweepCell {
        var specification = start
        specification.seed = UInt64(max(options.seed(index, from: Int(clamping: start.seed)), 0))
        var shown = specification.seed
        let (session, options) = (session, options)
        let statements = try CellStatements(
            body, setting: setting, scope: session.scope, parameters: session.parameters,
            seed: { number in
                let changed = options.seed(index, from: number)
                shown = UInt64(max(changed, 0))
                return changed
            },
            included: { try Executor(session: session).statements(of: $0) })
        let identity = CellIdentity(
            start: try specification.hash(), weights: weights, data: data, model: model, inputs: try inputs(of: statements.script),
            statements: statements.essence)
        return SweepCell(
            hash: try identity.hash(), setting: number, values: setting.map { .init(name: $0.name, text: $0.value.literal) }, seed: shown,
            script: statements.text)
    }

    // MARK: What cells read themselves

    /// By the text of each statement: the weights and pictures of a cell's own `load` and `data`, the model that it restores.
    private func inputs(of script: Script) throws -> [String: String] {
        var inputs: [String: String] = [:]
        for statement in script.statements {
            guard case .command(let command) = statement.kind else { continue }
            let text = Printer.print(statement)
            switch command.name.text {
            case "load", "data":
                // Random weights depend on the seed, which the cell's name has in it anyway.
                let identity = try known[text] ?? identity(of: text, command.name.text)
                known[text] = identity
                inputs[text] = identity
            case "restore":
                // What it finds may only come to be in the cell, by its own `train` and `save`: then there is nothing to name.
                guard case .string(let parts)? = command.arguments.first?.value.kind, case .text(let path)? = parts.first else { continue }
                inputs[text] = try? Experiment.modelIdentity(of: PathText.expanded(path))
            default: break
            }
        }
        return inputs
    }

    /// Carries the statement out in a session of its own, without a word, and looks at what it loaded.
    private func identity(of statement: String, _ command: String) throws -> String {
        let output = CapturedOutput()
        let scratch = Session(output: output, runsFolder: session.runsFolder, experiment: Experiment(partsOf: session.experiment))
        scratch.experiment.specification = start
        guard scratch.execute(statement) == .succeeded else {
            throw ExperimentError(.input, "a cell's `\(command)` fails: \(output.errors)")
        }
        let parts = try scratch.experiment.partIdentities()
        return (command == "load" ? parts.weights : parts.data) ?? ""
    }
}
