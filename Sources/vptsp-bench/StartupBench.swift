import ArgumentParser
import Foundation

/// From the start of `vptsp` to its prompt.
struct StartupBench: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "startup", abstract: "Time from the start of vptsp on a terminal to its first prompt.")

    @Option(help: "the program; vptsp beside this one unless given") var program: String?
    @Option(help: "timed starts, after one that is not") var runs = 10

    struct Line: Encodable {
        let bench = "startup"
        let seconds: Timing
        /// Of the program that was started.
        let peakMib: Int
    }

    func validate() throws {
        guard 1...10_000 ~= runs else { throw ValidationError("--runs \(runs); expected 1 to 10000") }
    }

    func run() throws {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let program = program ?? (own as NSString).deletingLastPathComponent + "/vptsp"
        guard FileManager.default.isExecutableFile(atPath: program) else { throw ValidationError("there is no program \(program); build it, or give --program") }
        var peak = 0
        let timing = try Timing.of(runs: runs) {
            // Waiting for the end of the process is in no figure: what is timed stops at the prompt.
            let terminal = try Terminal(program)
            try terminal.waitForPrompt()
            peak = max(peak, terminal.peakMib)
        }
        try printLine(Line(seconds: timing, peakMib: peak))
    }
}

/// A program on a pseudo-terminal of its own, killed when this goes.
private final class Terminal {
    private static let newSession: Int16 = 0x80  // POSIX_SPAWN_SETSID
    private static let setLock: UInt = 0x4004_5431  // TIOCSPTLCK
    private static let getNumber: UInt = 0x8004_5430  // TIOCGPTN
    private let controller: Int32
    private let process: pid_t

    init(_ program: String) throws {
        controller = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var unlocked: Int32 = 0, number: UInt32 = 0
        guard controller >= 0, ioctl(controller, Self.setLock, &unlocked) == 0, ioctl(controller, Self.getNumber, &number) == 0 else {
            throw ValidationError("no pseudo-terminal: \(String(cString: strerror(errno)))")
        }
        var size = winsize(ws_row: 24, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(controller, UInt(TIOCSWINSZ), &size)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/pts/\(number)", O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Self.newSession)
        var arguments = [strdup(program), nil]
        defer { arguments.forEach { free($0) } }
        var process: pid_t = 0
        let failure = posix_spawn(&process, program, &actions, &attributes, &arguments, environ)
        guard failure == 0 else { throw ValidationError("cannot start \(program): \(String(cString: strerror(failure)))") }
        self.process = process
    }

    deinit {
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
        close(controller)
    }

    /// Reads until the prompt's mark has come.
    func waitForPrompt() throws {
        var seen: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while !String(decoding: seen, as: UTF8.self).contains("▸") {
            var watched = pollfd(fd: controller, events: Int16(POLLIN), revents: 0)
            guard poll(&watched, 1, 20_000) > 0, case let got = read(controller, &chunk, chunk.count), got > 0 else {
                throw ValidationError("no prompt came; the program wrote \(String(decoding: seen, as: UTF8.self).debugDescription)")
            }
            seen += chunk[..<got]
        }
    }

    /// Most memory that the program has had resident so far.
    var peakMib: Int {
        let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return (line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0) >> 10
    }
}
