internal import Glibc
public import Interpreter
internal import Reporting

/// Reads statements, has them carried out, and goes on until the user leaves.
///
/// On a terminal with prompt, editing and history; on a pipe just statement after statement.
public final class REPL {
    private let driver: any REPLDriver
    private let transcript: Transcript?
    private let isInteractive: Bool
    private let output: Terminal

    /// - Parameter transcript: gets every statement that succeeds.
    public init(driver: any REPLDriver, transcript: Transcript? = nil) {
        self.driver = driver
        self.transcript = transcript
        output = .standardOutput
        isInteractive = isatty(STDIN_FILENO) == 1 && output.isTerminal
    }

    /// - Parameter greeting: shown above the first prompt, on a terminal only.
    /// - Returns: ``ExitCode/interrupted`` when an interrupt ended it; from a pipe also what the first statement that
    ///   went wrong means.
    public func run(greeting: String) -> ExitCode {
        Interruption.install()
        guard isInteractive else { return loop(PipeReader(descriptor: STDIN_FILENO)) }
        output.write(greeting + "\n")
        let path = History.defaultPath { name in getenv(name).map { String(cString: $0) } }
        let reader = TerminalReader(driver: driver, terminal: output, history: path.map(History.init(path:))) { warning in
            Terminal.standardError.write("warning: \(warning)\n")
        }
        return loop(reader)
    }

    private func loop(_ reader: some StatementReader) -> ExitCode {
        var reader = reader
        var status = ExitCode.success
        while !driver.isFinished {
            switch reader.next(driver) {
            case .end:
                if isInteractive { output.write("\n") }
                return status
            case .interrupted: return .interrupted
            case .nothing: continue
            case .statement(let text):
                let outcome = isInteractive ? carryOut(Shortcut(text), entries: reader.entries) : execute(text)
                if Interruption.request == .end { return .interrupted }
                // Someone at a terminal has seen what went wrong; whoever reads the status of a pipe has not.
                if !isInteractive, status == .success { status = ExitCode(outcome) }
                if !isInteractive, outcome == .interrupted { return .interrupted }
            }
        }
        return status
    }

    private func execute(_ text: String) -> Session.Outcome {
        let outcome = Interruption.during {
            isInteractive ? driver.execute(text, page: Pager(terminal: output).show) : driver.execute(text)
        }
        if outcome == .succeeded { transcript?.add(text) }
        return outcome
    }

    /// What the prompt knows besides the language.
    private func carryOut(_ shortcut: Shortcut, entries: [String]) -> Session.Outcome {
        switch shortcut {
        case .statement(let text): return execute(text)
        case .timed(let text):
            let start = ProgressBar.monotonicSeconds()
            let outcome = execute(text)
            output.write("took \(NumberText.fixed(ProgressBar.monotonicSeconds() - start, decimals: 3)) s\n")
            return outcome
        case .again: return fail("there is no statement yet to repeat")
        case .shell(let line): return ShellCommand.run(line).map(fail) ?? .succeeded
        case .history(let words):
            let found = entries.enumerated().filter { words.isEmpty || $0.element.contains(words) }
            Pager(terminal: output).show(found.map { "\($0.offset + 1)  \($0.element)\n" }.joined())
            return .succeeded
        case .transcript(let path):
            guard !path.isEmpty else { return fail("name the script to write: `%transcript \"session.vps\"`") }
            do {
                try Transcript(path: path).add(driver.transcript)
            } catch {
                return fail("\(error)")
            }
            output.write("\(path): what succeeded so far, as a script\n")
            return .succeeded
        case .unknown(let name): return fail("there is no \(name); the prompt knows \(Shortcut.names.joined(separator: " and "))")
        }
    }

    private func fail(_ message: String) -> Session.Outcome {
        Terminal.standardError.write("error: \(message)\n")
        return .failed
    }
}
