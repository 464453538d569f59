internal import Glibc
internal import Reporting

/// Text that is longer than the window, through the user's pager.
struct Pager {
    private static let command = "less"

    let terminal: Terminal

    /// Writes the text; through `$PAGER` (`less` where that is not set) when it has more lines than the window, and plainly
    /// where that cannot be started or the terminal shows no control sequences.
    func show(_ text: String) {
        let lines = text.utf8.reduce(into: 0) { count, byte in if byte == 0x0A { count += 1 } }
        guard terminal.isCapable, lines >= terminal.height, page(text) else { return terminal.write(text) }
    }

    private func page(_ text: String) -> Bool {
        let pager = getenv("PAGER").map { String(cString: $0) } ?? Self.command
        guard !pager.isEmpty, pager != "cat" else { return false }
        // As other programs set it up: leave short texts on the screen, let colours through.
        setenv("LESS", "FRX", 0)
        // A user who leaves the pager early closes the pipe; that is no reason to die.
        let before = signal(SIGPIPE, SIG_IGN)
        defer { signal(SIGPIPE, before) }
        guard let pipe = popen(pager, "w") else { return false }
        let bytes = Array(text.utf8)
        _ = fwrite(bytes, 1, bytes.count, pipe)
        let status = pclose(pipe)
        // 127: the shell has not found it.
        return status >> 8 & 0xFF != 127
    }
}
