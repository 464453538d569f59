/// Why a download did not come to its end, and what became of the bytes that did arrive.
public struct TransferError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: Hashable, Sendable {
        /// The address is not one of http or https.
        case badAddress
        /// The server's answer is no file: its HTTP status.
        case refused(status: Int)
        /// No connection: no network, unknown host, no one listening, or an untrusted certificate.
        case unreachable
        /// The connection ended early; what arrived is kept, and the next attempt goes on from there.
        case interrupted
        /// The progress callback asked to stop; what arrived is kept.
        case cancelled
        /// The disk refused; what arrived is kept.
        case notWritten
        /// Another process is downloading the same file.
        case busy
        /// The bytes are not those asked for; none are kept.
        case mismatch
    }

    public let kind: Kind
    public let url: String
    public let message: String

    public var description: String { "\(url): \(message)" }
}
