internal import Glibc

/// A line for the user's shell, on the same terminal.
enum ShellCommand {
    /// Waits for it to end; Ctrl-C is the command's.
    /// - Returns: what to say about its end; nil when it ended well.
    static func run(_ line: String) -> String? {
        guard !line.isEmpty else { return "write a command after `!`, for example `!ls runs`" }
        let shell = getenv("SHELL").map { String(cString: $0) } ?? "/bin/sh"
        var arguments = [strdup(shell), strdup("-c"), strdup(line), nil]
        defer { arguments.forEach { free($0) } }
        var child: pid_t = 0
        let failure = posix_spawn(&child, shell, nil, nil, &arguments, environ)
        guard failure == 0 else { return "cannot start \(shell): \(String(cString: strerror(failure)))" }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 {
            guard errno == EINTR else { return "lost the command: \(String(cString: strerror(errno)))" }
        }
        let signal = status & 0x7F
        if signal != 0 { return "ended by signal \(signal)" }
        let code = status >> 8 & 0xFF
        return code == 0 ? nil : "exit status \(code)"
    }
}
