import Foundation
import Glibc

/// A program on a terminal of its own, typed at and read by a test.
final class PseudoTerminal {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    // POSIX_SPAWN_SETSID, and POSIX_SPAWN_SETSIGMASK: threads that run tests block signals, and children inherit that.
    private static let newSessionWithSignals: Int16 = 0x80 | 0x08
    private static let setLock: UInt = 0x4004_5431  // TIOCSPTLCK
    private static let getNumber: UInt = 0x8004_5430  // TIOCGPTN
    /// Keeps the folder that the program runs in.
    var program: BuiltProgram?
    private let controller: Int32
    private let process: pid_t
    private var stream: [UInt8] = []
    private var matched = 0
    private var status: Int32?

    /// - Parameter environment: all of it; nothing is inherited.
    init(_ arguments: [String], environment: [String: String]) throws {
        // What unlockpt and ptsname do; Swift does not see those functions.
        controller = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var unlocked: Int32 = 0, number: UInt32 = 0
        guard controller >= 0, ioctl(controller, Self.setLock, &unlocked) == 0, ioctl(controller, Self.getNumber, &number) == 0
        else { throw Failure(description: "no pseudo-terminal: \(String(cString: strerror(errno)))") }
        let name = "/dev/pts/\(number)"
        Self.resize(controller, columns: 80)

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // Opened by the leader of a new session, the terminal becomes its controlling one: Ctrl-C reaches it.
        posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Self.newSessionWithSignals)
        var noSignals = sigset_t()
        sigemptyset(&noSignals)
        posix_spawnattr_setsigmask(&attributes, &noSignals)

        var argv = arguments.map { strdup($0) } + [nil]
        var envp = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        var process: pid_t = 0
        let failure = posix_spawn(&process, arguments[0], &actions, &attributes, &argv, &envp)
        guard failure == 0 else {
            throw Failure(description: "cannot start \(arguments[0]): \(String(cString: strerror(failure)))")
        }
        self.process = process
    }

    deinit {
        if status == nil {
            kill(process, SIGKILL)
            waitpid(process, nil, 0)
        }
        close(controller)
    }

    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(controller, bytes, bytes.count)
    }

    func resize(columns: UInt16) { Self.resize(controller, columns: columns) }

    private static func resize(_ controller: Int32, columns: UInt16) {
        var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(controller, UInt(TIOCSWINSZ), &size)
    }

    /// Waits until the program has written `text` after what was expected before, control sequences aside.
    func expect(_ text: String, seconds: Double = 20) throws {
        let wanted = Array(text.utf8)
        let deadline = Self.now() + seconds
        while true {
            let shown = visible()
            if let end = Self.find(wanted, in: shown, from: matched) {
                matched = end
                return
            }
            guard Self.now() < deadline, readMore(until: deadline) else {
                let rest = String(decoding: shown.dropFirst(matched), as: UTF8.self)
                throw Failure(description: "waited for \(text.debugDescription), saw \(rest.debugDescription)")
            }
        }
    }

    /// Exit status once the program has ended; 128 + n for signal n.
    func exitStatus(seconds: Double = 20) throws -> Int32 {
        let deadline = Self.now() + seconds
        while readMore(until: deadline) {}
        while Self.now() < deadline {
            var code: Int32 = 0
            if waitpid(process, &code, WNOHANG) == process {
                let result = code & 0x7F == 0 ? (code >> 8) & 0xFF : 128 + (code & 0x7F)
                status = result
                return result
            }
            usleep(5_000)
        }
        throw Failure(description: "still running; saw \(screen.debugDescription)")
    }

    /// All that was written so far, without control sequences.
    var screen: String { String(decoding: visible(), as: UTF8.self) }

    var raw: String { String(decoding: stream, as: UTF8.self) }

    /// False at the end of the stream or of the time.
    private func readMore(until deadline: Double) -> Bool {
        var watched = pollfd(fd: controller, events: Int16(POLLIN), revents: 0)
        guard poll(&watched, 1, Int32(max(0, deadline - Self.now()) * 1000)) > 0 else { return false }
        var chunk = [UInt8](repeating: 0, count: 4096)
        let count = read(controller, &chunk, chunk.count)
        guard count > 0 else { return false }
        stream += chunk[..<count]
        return true
    }

    /// The dimmed hints that were shown behind the cursor, oldest first.
    var hints: [String] {
        raw.components(separatedBy: "\u{1B}7").dropFirst().compactMap { $0.components(separatedBy: "\u{1B}8").first }
            .map { $0.replacingOccurrences(of: "\u{1B}[2m", with: "").replacingOccurrences(of: "\u{1B}[22m", with: "") }
    }

    /// Without control sequences, and without hints: those stand between a saved and a restored cursor.
    private func visible() -> [UInt8] {
        var shown: [UInt8] = []
        var index = 0
        while index < stream.count {
            if stream[index] == 0x1B, index + 1 < stream.count, stream[index + 1] == UInt8(ascii: "7") {
                index += 2
                while index + 1 < stream.count, !(stream[index] == 0x1B && stream[index + 1] == UInt8(ascii: "8")) { index += 1 }
                index += 1
            } else if stream[index] == 0x1B, index + 1 < stream.count, stream[index + 1] == UInt8(ascii: "[") {
                index += 2
                while index < stream.count, !(0x40...0x7E).contains(stream[index]) { index += 1 }
            } else {
                shown.append(stream[index])
            }
            index += 1
        }
        return shown
    }

    private static func find(_ wanted: [UInt8], in shown: [UInt8], from start: Int) -> Int? {
        guard shown.count - start >= wanted.count else { return nil }
        for first in start...(shown.count - wanted.count) where shown[first..<first + wanted.count].elementsEqual(wanted) {
            return first + wanted.count
        }
        return nil
    }

    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
