internal import CTransfer
internal import Glibc

/// One request for the bytes that a part still lacks.
final class TransferAttempt {
    enum Outcome {
        /// All bytes are there; the SHA-256 that the server named, if it did.
        case whole(linked: String?)
        /// The connection ended, later than it began.
        case again
        /// The part did not belong to this file and was emptied.
        case startOver
    }

    private let url: String
    private let part: PartialFile
    private let expected: String?
    private let progress: (Transfer.Progress) -> Bool
    private let before: Int
    private let offset: Int
    private var answer = ResponseHeaders()
    private var linked: String?
    private var total: Int?
    private var bodyBegan = false
    private var mustStartOver = false
    private var failure: (any Error)?

    init(url: String, part: PartialFile, expected: String?, progress: @escaping (Transfer.Progress) -> Bool) {
        self.url = url
        self.part = part
        self.expected = expected
        self.progress = progress
        before = part.count
        // Without a digest to compare in the end, a part is trusted only when the server can name its version.
        offset = expected != nil || part.version != nil ? part.count : 0
    }

    func run() throws -> Outcome {
        if offset == 0, part.count > 0 { try part.clear() }
        var message = [CChar](repeating: 0, count: 256)
        Transfer.startLibrary()
        let outcome = url.withCString { address in
            "vptsp (libcurl)".withCString { agent in
                var request = ct_request(
                    url: address, user_agent: agent, offset: Int64(offset), context: Unmanaged.passUnretained(self).toOpaque(),
                    header: { TransferAttempt.from($0)?.header($1, $2) ?? 1 },
                    body: { TransferAttempt.from($0)?.body($1, $2) ?? 1 },
                    tick: { TransferAttempt.from($0)?.tick() ?? 1 })
                return ct_get(&request, &message)
            }
        }
        return try conclude(outcome, message: String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
    }

    private func conclude(_ outcome: ct_outcome, message: String) throws -> Outcome {
        if let failure { throw failure }
        if mustStartOver {
            try part.clear()
            return .startOver
        }
        func fault(_ kind: TransferError.Kind, _ text: String) -> TransferError { TransferError(kind: kind, url: url, message: text) }
        switch outcome {
        case CT_OK: break
        case CT_STOPPED: throw fault(.cancelled, "stopped; the \(part.count) bytes that arrived are kept, and the next attempt goes on from there")
        case CT_BAD_ADDRESS: throw fault(.badAddress, "is not an http or https address: \(message)")
        case CT_NO_HOST: throw fault(.unreachable, "the host cannot be found (\(message)): is there a network?")
        case CT_NO_CONNECTION: throw fault(.unreachable, "no connection (\(message)): is there a network, and is the host up?")
        case CT_NOT_TRUSTED: throw fault(.unreachable, "no secure connection: \(message)")
        case CT_CUT_SHORT, CT_TIMED_OUT:
            if part.count > before { return .again }
            throw fault(.interrupted, "the connection ended early (\(message)); the \(part.count) bytes that arrived are kept, and the next attempt goes on from there")
        default: throw fault(.unreachable, message)
        }
        if answer.status == 416, offset > 0 {  // nothing beyond our end: either all is here or the part is of another file
            if answer.rangeTotal == offset, expected != nil || linked != nil || answer.version == part.version { return .whole(linked: linked) }
            try part.clear()
            return .startOver
        }
        guard isFile else {
            let meaning = switch answer.status {
            case 401, 403: "the server asks for a permission that this program does not have"
            case 404, 410: "there is no such file"
            case 429: "the server asks to come back later"
            case 500...: "the server has a fault of its own; try again later"
            default: "this is not a file"
            }
            throw fault(.refused(status: answer.status), "the server answered \(answer.status): \(meaning)")
        }
        if !bodyBegan { try begin() }  // an empty file sends no body
        if mustStartOver {
            try part.clear()
            return .startOver
        }
        if let total, total != part.count {
            throw fault(.interrupted, "\(part.count) of \(total) bytes arrived; they are kept, and the next attempt goes on from there")
        }
        return .whole(linked: linked)
    }

    private func header(_ line: UnsafePointer<CChar>?, _ count: Int) -> Int32 {
        answer.add(line: String(decoding: UnsafeRawBufferPointer(start: line, count: count), as: UTF8.self))
        // The hub names the file's digest in the answer that redirects to the store, not in the store's own.
        if let digest = answer.linkedDigest { linked = digest }
        return 0
    }

    private func body(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
        guard isFile else { return 0 }  // an error page
        do {
            if !bodyBegan { try begin() }
            if mustStartOver { return 1 }
            try part.append(UnsafeRawBufferPointer(start: bytes, count: count))
            return 0
        } catch {
            failure = error
            return 1
        }
    }

    /// Whether the answer carries bytes of the file: all of them, or the rest that was asked for.
    private var isFile: Bool { answer.status == 200 || answer.status == 206 && offset > 0 }

    /// Decides from the answer's headers what becomes of the bytes of earlier attempts.
    private func begin() throws {
        bodyBegan = true
        let version = linked ?? answer.version
        if answer.status == 206 {
            total = answer.rangeTotal
            let fits = answer.rangeStart == offset && offset == part.count && (expected != nil || (version != nil && version == part.version))
            if !fits { mustStartOver = true }
            return
        }
        total = answer.length
        try part.clear()
        try part.begin(version: version)
    }

    private func tick() -> Int32 {
        if progress(Transfer.Progress(received: part.count, total: total)) { return 0 }
        return 1
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> TransferAttempt? {
        context.map { Unmanaged<TransferAttempt>.fromOpaque($0).takeUnretainedValue() }
    }
}
