internal import CReadline

/// Ctrl-C: drops the line at the prompt; during work it is a request that the work reads at its safe points.
public enum Interruption {
    public enum Request: Int32, Sendable {
        case none = 0
        /// Stop at the next safe point and keep everything.
        case stop = 1
        /// Asked again within two seconds: save, and end the program.
        case end = 2
    }

    private static let notice: StaticString =
        "\nstopping at the next safe point; Ctrl-C again ends the program\n"

    /// Takes SIGINT over for the whole process.
    public static func install() {
        _ = interrupts_install()
    }

    /// Takes the end of the process that started this one for a Ctrl-C, so that nothing works on for nobody.
    public static func followParent() {
        interrupts_follow_parent()
    }

    /// Safe to read from any thread, cheap enough for every step.
    public static var request: Request {
        Request(rawValue: interrupts_requested()) ?? .none
    }

    /// Runs work that an interrupt asks to stop; earlier requests are forgotten.
    public static func during<Result>(_ work: () throws -> Result) rethrows -> Result {
        notice.withUTF8Buffer { text in
            // A StaticString lives as long as the program.
            interrupts_begin_work(UnsafeRawPointer(text.baseAddress)?.assumingMemoryBound(to: CChar.self))
        }
        defer { interrupts_end_work() }
        return try work()
    }
}
