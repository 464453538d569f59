internal import Experiments
internal import Glibc

/// A process that runs cells one after the other, and a channel to it. It has a process group of its own: Ctrl-C on the
/// terminal reaches this program alone, which passes it on once.
final class WorkerProcess {
    // Of spawn.h; Swift does not see them as numbers of the right type.
    private static let ownGroupAndSignals: Int16 = 0x02 | 0x08

    let process: pid_t
    /// Our end of the socket that is the worker's standard input and output.
    let channel: Int32
    private var unread: [UInt8] = []
    private(set) var hasEnded = false

    /// - Parameters:
    ///   - program: the executable.
    ///   - log: file that what it says on standard error is added to.
    /// - Throws: ``ExperimentError`` when no process can be started.
    init(program: String, arguments: [String], log: String) throws {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw ExperimentError(.running, "no worker can be started: \(String(cString: strerror(errno)))")
        }
        defer { close(ends[1]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_addopen(&actions, 2, log, O_WRONLY | O_CREAT | O_APPEND, 0o666)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Self.ownGroupAndSignals)
        posix_spawnattr_setpgroup(&attributes, 0)
        var noSignals = sigset_t()
        sigemptyset(&noSignals)
        posix_spawnattr_setsigmask(&attributes, &noSignals)

        var words = ([program] + arguments).map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        var process: pid_t = 0
        let failure = posix_spawn(&process, program, &actions, &attributes, &words, environ)
        guard failure == 0 else {
            close(ends[0])
            throw ExperimentError(.running, "\(program) cannot be started: \(String(cString: strerror(failure)))")
        }
        self.process = process
        channel = ends[0]
    }

    deinit {
        close(channel)
        guard !hasEnded else { return }
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
    }

    /// False when it is no longer there.
    func send(_ order: WorkerOrder) throws -> Bool {
        var rest = (try JSONFile.encode(order) + [UInt8(ascii: "\n")])[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { Glibc.send(channel, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if sent > 0 {
                rest = rest.dropFirst(sent)
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }

    /// What it has said since the last call; nil when it has ended.
    func receive() throws -> [WorkerMessage]? {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = recv(channel, &chunk, chunk.count, Int32(MSG_DONTWAIT))
        if count < 0, errno == EINTR || errno == EAGAIN { return [] }
        guard count > 0 else { return nil }
        unread += chunk[..<count]
        var messages: [WorkerMessage] = []
        while let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
            messages.append(try JSONFile.decode(WorkerMessage.self, from: Array(unread[..<end]), name: "what a worker says"))
            unread.removeSubrange(...end)
        }
        return messages
    }

    /// Asks it to stop at the next safe point.
    func interrupt() { kill(process, SIGINT) }

    /// No more orders: it ends after the one at hand.
    func dismiss() { shutdown(channel, Int32(SHUT_WR)) }

    /// Waits until it has ended. `ended with status 70`, `was killed by signal 11 (Segmentation fault)`.
    func reap() -> String {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        hasEnded = true
        let signal = status & 0x7F
        guard signal != 0 else { return "ended with status \((status >> 8) & 0xFF)" }
        return "was killed by signal \(signal) (\(String(cString: strsignal(signal))))"
    }
}
