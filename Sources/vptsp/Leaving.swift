import ArgumentParser
import Interpreter
import Reporting

extension ParsableCommand {
    /// Ends the program with that status.
    func leave(_ code: Interpreter.ExitCode) throws {
        if code != .success { throw ArgumentParser.ExitCode(code.rawValue) }
    }

    /// Says what went wrong; the program then ends as one that failed while running.
    func failure(_ error: any Error) -> ArgumentParser.ExitCode {
        Terminal.standardError.write("error: \(error)\n")
        return ArgumentParser.ExitCode(Interpreter.ExitCode.failed.rawValue)
    }
}
