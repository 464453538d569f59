internal import Glibc
internal import Reporting

/// Reads statements, has them carried out, and goes on until the user leaves.
///
/// On a terminal with prompt, editing and history; on a pipe just statement after statement.
public final class REPL {
    /// Standard exit statuses of a session.
    private enum Status {
        static let ok: Int32 = 0
        static let rejected: Int32 = 65
        static let failed: Int32 = 70
    }

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
    /// - Returns: the exit status: 0; 130 when an interrupt ended it; from a pipe also the status of the first
    ///   statement that went wrong, 65 or 70.
    public func run(greeting: String) -> Int32 {
        Interruption.install()
        guard isInteractive else { return loop(PipeReader(descriptor: STDIN_FILENO)) }
        output.write(greeting + "\n")
        let path = History.defaultPath { name in getenv(name).map { String(cString: $0) } }
        let reader = TerminalReader(driver: driver, terminal: output, history: path.map(History.init(path:))) { warning in
            Terminal.standardError.write("warning: \(warning)\n")
        }
        return loop(reader)
    }

    private func loop(_ reader: some StatementReader) -> Int32 {
        var reader = reader
        var status = Status.ok
        while !driver.isFinished {
            switch reader.next(driver) {
            case .end:
                if isInteractive { output.write("\n") }
                return status
            case .interrupted: return Interruption.exitStatus
            case .nothing: continue
            case .statement(let text):
                let outcome = Interruption.during { driver.execute(text) }
                fflush(nil)
                if Interruption.request == .end { return Interruption.exitStatus }
                switch outcome {
                case .succeeded: transcript?.add(text)
                case .rejected where !isInteractive && status == Status.ok: status = Status.rejected
                case .failed where !isInteractive && status == Status.ok: status = Status.failed
                case .interrupted where !isInteractive: return Interruption.exitStatus
                case .rejected, .failed, .interrupted: break
                }
            }
        }
        return status
    }
}
