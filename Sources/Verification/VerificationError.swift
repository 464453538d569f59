/// A directory of cases that cannot be used at all.
public struct VerificationError: Error, Equatable, CustomStringConvertible, Sendable {
    public let description: String

    init(_ description: String) { self.description = description }
}

/// Why one case gives no verdict of pass.
enum CaseFault: Error {
    /// The case asks for something that this program does not have.
    case unsupported(String)
    /// The case contradicts itself or lacks something.
    case malformed(String)
}
