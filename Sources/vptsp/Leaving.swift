import ArgumentParser
import Experiments
import Interpreter
import Reporting

extension ParsableCommand {
    /// Ends the program with that status.
    func leave(_ code: Interpreter.ExitCode) throws {
        if code != .success { throw ArgumentParser.ExitCode(code.rawValue) }
    }

    /// Says what went wrong; the program then ends as one that failed while running, or that lacks its input.
    func failure(_ error: any Error) -> ArgumentParser.ExitCode {
        Terminal.standardError.write("error: \(error)\n")
        let lacksInput = (error as? ExperimentError)?.kind == .input
        return ArgumentParser.ExitCode((lacksInput ? Interpreter.ExitCode.inputMissing : .failed).rawValue)
    }
}
