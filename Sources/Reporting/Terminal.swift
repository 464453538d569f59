internal import Glibc

/// Where text for a person goes, and what can be shown there.
public struct Terminal: Sendable {
    /// File descriptor.
    public let descriptor: Int32
    /// Someone may be looking: lines can be redrawn when ``isCapable`` also holds.
    public let isTerminal: Bool
    /// Understands control sequences (`TERM` is set and is not `dumb`).
    public let isCapable: Bool
    /// Characters outside ASCII come out right.
    public let isUnicode: Bool
    /// Colours are wanted: a capable terminal, and `NO_COLOR` is not set (no-color.org).
    public let isColor: Bool

    public init(descriptor: Int32, isTerminal: Bool, isCapable: Bool, isUnicode: Bool, isColor: Bool) {
        self.descriptor = descriptor
        self.isTerminal = isTerminal
        self.isCapable = isCapable
        self.isUnicode = isUnicode
        self.isColor = isColor
    }

    /// Looks at the descriptor, `TERM`, `NO_COLOR` and the locale (which it takes over from the environment).
    public init(descriptor: Int32) {
        let terminal = Self.variable("TERM")
        let isTerminal = isatty(descriptor) == 1
        let isCapable = isTerminal && terminal != nil && terminal != "dumb"
        self.init(
            descriptor: descriptor, isTerminal: isTerminal, isCapable: isCapable, isUnicode: Self.localeIsUTF8,
            isColor: isCapable && Self.variable("NO_COLOR") == nil
        )
    }

    public static var standardOutput: Terminal { Terminal(descriptor: STDOUT_FILENO) }
    public static var standardError: Terminal { Terminal(descriptor: STDERR_FILENO) }

    /// Columns of the window now; 80 when it does not say.
    public var width: Int {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Rows of the window now; 24 when it does not say.
    public var height: Int {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0 else { return 24 }
        return Int(size.ws_row)
    }

    /// Writes all of the text, past short writes; gives up quietly when nobody can read it.
    public func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written > 0 {
                rest = rest.dropFirst(written)
            } else if errno != EINTR {
                return
            }
        }
    }

    /// An environment variable that is set to something.
    private static func variable(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }

    private static let localeIsUTF8: Bool = {
        guard setlocale(LC_CTYPE, "") != nil, let codeset = nl_langinfo(nl_item(CODESET)) else { return false }
        return String(cString: codeset) == "UTF-8"
    }()
}
