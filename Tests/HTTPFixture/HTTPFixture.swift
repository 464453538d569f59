import Foundation
import Synchronization

/// A web server on this machine whose answers a test scripts. It serves one request a connection.
public final class HTTPFixture: Sendable {
    public struct Request: Sendable {
        public let path: String
        /// Header fields by lower-case name.
        public let headers: [String: String]
        /// How many requests for the same path came before.
        public let earlier: Int
        /// `Range: bytes=N-`
        public var rangeStart: Int? {
            headers["range"].flatMap { $0.hasPrefix("bytes=") ? Int($0.dropFirst(6).prefix { $0 != "-" }) : nil }
        }
    }

    public struct Response: Sendable {
        var head: String
        var body: [UInt8]

        /// - Parameter sending: body bytes that are really sent before the connection is closed.
        public init(_ status: Int, headers: [String: String] = [:], body: [UInt8] = [], sending: Int? = nil) {
            let fields = headers.merging(["Content-Length": "\(body.count)", "Connection": "close"]) { given, _ in given }
            head = "HTTP/1.1 \(status) x\r\n" + fields.map { "\($0): \($1)\r\n" }.sorted().joined() + "\r\n"
            self.body = Array(body.prefix(sending ?? body.count))
        }

        /// A file as servers that understand ranges give it.
        public static func file(_ content: [UInt8], for request: Request, headers: [String: String] = [:], sending: Int? = nil) -> Response {
            guard let start = request.rangeStart else { return Response(200, headers: headers, body: content, sending: sending) }
            guard start < content.count else { return Response(416, headers: headers.merging(["Content-Range": "bytes */\(content.count)"]) { $1 }) }
            let range = ["Content-Range": "bytes \(start)-\(content.count - 1)/\(content.count)"]
            return Response(206, headers: headers.merging(range) { $1 }, body: Array(content[start...]), sending: sending)
        }
    }

    public let port: Int
    public var url: String { "http://127.0.0.1:\(port)" }
    /// Every request so far, in order.
    public var requests: [Request] { seen.withLock { $0 } }

    private let listener: Int32
    private let seen = Mutex<[Request]>([])

    public init(_ answer: @escaping @Sendable (Request) -> Response) throws {
        let door = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let ready = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(door, $0, length) == 0 && getsockname(door, $0, &length) == 0 }
        }
        guard door >= 0, ready, listen(door, 16) == 0 else { throw CocoaError(.fileReadUnknown) }
        port = Int(UInt16(bigEndian: address.sin_port))
        listener = door
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(door, nil, nil)
                guard connection >= 0 else { return }
                self?.serve(connection, answer)
                close(connection)
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private func serve(_ connection: Int32, _ answer: (Request) -> Response) {
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !received.contains(subsequence: [13, 10, 13, 10]) {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            received += buffer.prefix(count)
        }
        let lines = String(decoding: received, as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count == 3 else { return }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            if let colon = line.firstIndex(of: ":") {
                headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            }
        }
        let path = String(words[1])
        let request = seen.withLock { seen in
            let request = Request(path: path, headers: headers, earlier: seen.count { $0.path == path })
            seen.append(request)
            return request
        }
        let response = answer(request)
        let bytes = Array(response.head.utf8) + response.body
        var done = 0
        while done < bytes.count {
            let sent = bytes[done...].withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { return }
            done += sent
        }
        shutdown(connection, Int32(SHUT_WR))
    }
}

extension Array where Element == UInt8 {
    fileprivate func contains(subsequence: [UInt8]) -> Bool {
        indices.contains { self[$0...].starts(with: subsequence) }
    }
}
