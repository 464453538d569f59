internal import CReadline
internal import Glibc

/// Statements from a pipe or a file on standard input: no prompt, no editing, no history.
struct PipeReader: StatementReader {
    let entries: [String] = []
    private static let longStatement = 1 << 12

    private let descriptor: Int32
    private var buffer: [UInt8] = []
    /// Bytes of `buffer` that are handed out already.
    private var used = 0
    private var hasEnded = false

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    mutating func next(_ driver: any REPLDriver) -> StatementInput {
        var text = ""
        var asked = 0
        while true {
            switch nextLine() {
            case .interrupted: return .interrupted
            case .end: return text.isEmpty ? .end : .statement(text)
            case .line(let line):
                text += line
                // The answer takes a look at all of it: of a very long statement it is asked for again when that has doubled.
                let isDue = text.utf8.count < Self.longStatement || text.utf8.count >= 2 * asked
                if isDue { asked = text.utf8.count }
                if !isDue || driver.needsMoreInput(text) {
                    text += "\n"
                } else {
                    return text.allSatisfy(\.isWhitespace) ? .nothing : .statement(text)
                }
            }
        }
    }

    private mutating func nextLine() -> LineEditor.Input {
        var searched = used
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { used = end + 1 }
                return .line(String(decoding: buffer[used..<end], as: UTF8.self))
            }
            searched = buffer.count
            if hasEnded {
                guard used < buffer.count else { return .end }
                defer { used = buffer.count }
                return .line(String(decoding: buffer[used...], as: UTF8.self))
            }
            switch interrupts_wait(descriptor) {
            case INTERRUPTS_SIGINT: return .interrupted
            case INTERRUPTS_READABLE:
                searched -= used
                buffer.removeFirst(used)
                used = 0
                fill()
            default: break
            }
        }
    }

    private mutating func fill() {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        let count = read(descriptor, &chunk, chunk.count)
        if count > 0 {
            buffer += chunk[..<count]
        } else if count == 0 || errno != EINTR {
            hasEnded = true
        }
    }
}
