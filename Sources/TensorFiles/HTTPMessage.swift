internal import CTransfer
internal import Glibc

/// One request with a body and its answer, for the interfaces of servers; files come by ``Transfer``.
package enum HTTPMessage {
    package struct Answer: Sendable {
        package let status: Int
        package let body: [UInt8]
    }

    /// Longer answers are no answers of an interface.
    private static let longestAnswer = 16 << 20

    /// - Parameters:
    ///   - body: sent with every method but GET.
    ///   - timeout: seconds for all of it; three for the connection.
    /// - Throws: ``TransferError`` when no answer came.
    package static func send(_ method: String, url: String, body: [UInt8], type: String, timeout: Int) throws -> Answer {
        final class Collector {
            var bytes: [UInt8] = []
        }
        Transfer.startLibrary()
        let collector = Collector()
        var status = 0
        var message = [CChar](repeating: 0, count: 256)
        let outcome = withExtendedLifetime(collector) {
            ct_send(
                method, url, "vptsp (libcurl)", type, body, body.count, Int64(timeout), Unmanaged.passUnretained(collector).toOpaque(),
                { context, bytes, count in
                    guard let context, let bytes else { return 1 }
                    let collector = Unmanaged<Collector>.fromOpaque(context).takeUnretainedValue()
                    guard collector.bytes.count + count <= HTTPMessage.longestAnswer else { return 1 }
                    collector.bytes += UnsafeBufferPointer(start: bytes, count: count)
                    return 0
                }, &status, &message)
        }
        let text = String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        switch outcome {
        case CT_OK: return Answer(status: status, body: collector.bytes)
        case CT_BAD_ADDRESS: throw TransferError(kind: .badAddress, url: url, message: text)
        case CT_STOPPED: throw TransferError(kind: .interrupted, url: url, message: "its answer is too long")
        default: throw TransferError(kind: .unreachable, url: url, message: text)
        }
    }
}
