import Foundation
import HTTPFixture
import Testing
import TensorFiles

@Suite struct TransferTests {
    let folder: TemporaryFolder
    let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 17 >> 3) }
    let digest: String

    init() throws {
        folder = try TemporaryFolder()
        digest = try SHA256.hash(bytes: content)
    }

    private func failure(_ body: () throws -> Void) -> TransferError? { #expect(throws: TransferError.self, performing: body) }

    @Test func aWholeFile() throws {
        let content = content
        let server = try HTTPFixture { .file(content, for: $0) }
        nonisolated(unsafe) var last: Transfer.Progress?
        let result = try Transfer.download(url: server.url + "/f", to: folder.file("f"), sha256: digest.uppercased()) { last = $0; return true }
        #expect(try folder.bytes("f") == content)
        #expect(result.path == folder.file("f") && result.sha256 == digest && result.bytes == content.count)
        #expect(result.isVerified && result.resumedFrom == 0)
        #expect(last?.received == content.count && last?.total == content.count)
        #expect(folder.names == ["f"])
    }

    @Test func anEmptyFile() throws {
        let server = try HTTPFixture { .file([], for: $0) }
        let result = try Transfer.download(url: server.url, to: folder.file("f"))
        #expect(result.bytes == 0 && !result.isVerified)
        #expect(folder.names == ["f"])
    }

    @Test func aCutConnectionGoesOnWhereItWasCut() throws {
        let content = content
        let server = try HTTPFixture { .file(content, for: $0, headers: ["ETag": "\"v1\""], sending: $0.earlier < 2 ? 100_000 : nil) }
        let result = try Transfer.download(url: server.url + "/f", to: folder.file("f"))
        #expect(try folder.bytes("f") == content)
        #expect(result.sha256 == digest && result.resumedFrom == 0)
        #expect(server.requests.map(\.rangeStart) == [nil, 100_000, 200_000])
    }

    @Test func aLaterCallGoesOnFromThePart() throws {
        let content = content
        let dead = try HTTPFixture { .file(content, for: $0, sending: $0.earlier == 0 ? 120_000 : 0) }
        let error = failure { try Transfer.download(url: dead.url + "/f", to: folder.file("f"), sha256: digest) }
        #expect(error?.kind == .interrupted)
        #expect(error?.message.contains("120000 bytes that arrived are kept") == true)
        #expect(folder.names == ["f.part"])
        let server = try HTTPFixture { .file(content, for: $0) }
        let result = try Transfer.download(url: server.url + "/f", to: folder.file("f"), sha256: digest)
        #expect(result.resumedFrom == 120_000)
        #expect(try folder.bytes("f") == content)
        #expect(folder.names == ["f"])
    }

    @Test func aServerWithoutRangesStartsOver() throws {
        let content = content
        let server = try HTTPFixture { .init(200, headers: ["ETag": "\"v1\""], body: content, sending: $0.earlier == 0 ? 50_000 : nil) }
        let result = try Transfer.download(url: server.url, to: folder.file("f"), sha256: digest)
        #expect(try folder.bytes("f") == content)
        #expect(result.resumedFrom == 0)
    }

    @Test func aServerThatAlwaysCutsIsGivenUp() throws {
        let content = content
        let server = try HTTPFixture { _ in .init(200, body: content, sending: 50_000) }
        #expect(failure { try Transfer.download(url: server.url, to: folder.file("f")) }?.kind == .interrupted)
        #expect(server.requests.count == 2)
    }

    @Test func aPartOfAnotherVersionIsNotUsed() throws {
        let content = content
        let old = try HTTPFixture { .file(Array(repeating: 1, count: 300_000), for: $0, headers: ["ETag": "\"old\""], sending: $0.earlier == 0 ? 90_000 : 0) }
        _ = failure { try Transfer.download(url: old.url, to: folder.file("f")) }
        #expect(folder.names == ["f.part", "f.part.version"])
        let new = try HTTPFixture { .file(content, for: $0, headers: ["ETag": "\"new\""]) }
        let result = try Transfer.download(url: new.url, to: folder.file("f"))
        #expect(try folder.bytes("f") == content)
        #expect(result.resumedFrom == 0)
        #expect(new.requests.map(\.rangeStart) == [90_000, nil])
    }

    @Test func aWrongPartIsFoundOutByTheDigest() throws {
        let content = content
        _ = try folder.put(Array(repeating: 1, count: 1000), "f.part")
        let server = try HTTPFixture { .file(content, for: $0) }
        let result = try Transfer.download(url: server.url, to: folder.file("f"), sha256: digest)
        #expect(try folder.bytes("f") == content)
        #expect(result.resumedFrom == 0)
    }

    @Test func aPartThatIsAlreadyWhole() throws {
        let content = content
        _ = try folder.put(content, "f.part")
        let server = try HTTPFixture { .file(content, for: $0) }
        #expect(try Transfer.download(url: server.url, to: folder.file("f"), sha256: digest).resumedFrom == content.count)
        #expect(server.requests.count == 1)
    }

    @Test func aMismatchKeepsNothing() throws {
        let server = try HTTPFixture { .file([1, 2, 3], for: $0) }
        let error = failure { try Transfer.download(url: server.url, to: folder.file("f"), sha256: digest) }
        #expect(error?.kind == .mismatch)
        #expect(error?.message.contains(digest) == true)
        #expect(folder.names == [])
    }

    @Test func theHubsDigestOfARedirectIsChecked() throws {
        let (content, digest) = (content, digest)
        let good = try HTTPFixture { request in
            request.path == "/resolve" ? .init(302, headers: ["Location": "/store", "X-Linked-ETag": "\"\(digest)\"", "ETag": "\"git\""]) : .file(content, for: request)
        }
        #expect(try Transfer.download(url: good.url + "/resolve", to: folder.file("f")).isVerified)
        let bad = try HTTPFixture { request in
            request.path == "/resolve" ? .init(302, headers: ["Location": "/store", "x-linked-etag": "\"\(digest)\""]) : .file([9], for: request)
        }
        #expect(failure { try Transfer.download(url: bad.url + "/resolve", to: folder.file("g")) }?.kind == .mismatch)
        #expect(folder.names == ["f"])
    }

    @Test func refusals() throws {
        for (status, words) in [(404, "no such file"), (403, "permission"), (500, "fault of its own"), (429, "come back later")] {
            let server = try HTTPFixture { _ in .init(status, body: Array("an error page".utf8)) }
            let error = failure { try Transfer.download(url: server.url, to: folder.file("f")) }
            #expect(error?.kind == .refused(status: status))
            #expect(error?.message.contains(words) == true)
            #expect(folder.names == [])
        }
    }

    @Test func aRefusalKeepsThePart() throws {
        _ = try folder.put([1, 2, 3], "f.part")
        let server = try HTTPFixture { _ in .init(503) }
        _ = failure { try Transfer.download(url: server.url, to: folder.file("f"), sha256: digest) }
        #expect(folder.names == ["f.part"])
    }

    @Test func noServerNoHostNoAddress() throws {
        let port = try HTTPFixture { _ in .init(200) }.port  // gone by the next line
        #expect(failure { try Transfer.download(url: "http://127.0.0.1:\(port)/f", to: folder.file("f")) }?.kind == .unreachable)
        #expect(failure { try Transfer.download(url: "http://no-such-host.invalid/f", to: folder.file("f")) }?.kind == .unreachable)
        for address in ["file:///etc/passwd", "ftp://127.0.0.1/f", "", "http://", "::"] {
            let kind = failure { try Transfer.download(url: address, to: folder.file("f")) }?.kind
            #expect(kind == .badAddress || kind == .unreachable, "\(address)")
        }
        #expect(failure { try Transfer.download(url: "http://127.0.0.1/f", to: folder.file("f"), sha256: "abc") }?.kind == .badAddress)
        #expect(folder.names == [])
    }

    @Test func stoppingKeepsThePart() throws {
        let content = content
        let server = try HTTPFixture { .file(content, for: $0) }
        #expect(failure { try Transfer.download(url: server.url, to: folder.file("f"), sha256: digest) { $0.received < 1000 } }?.kind == .cancelled)
        #expect(!folder.names.contains("f"))
        #expect(try Transfer.download(url: server.url, to: folder.file("f"), sha256: digest).bytes == content.count)
    }

    @Test func aSecondDownloadOfTheSameFileIsRefused() throws {
        let (content, path) = (content, folder.file("f"))
        let server = try HTTPFixture { .file(content, for: $0) }
        let url = server.url
        nonisolated(unsafe) var inner: TransferError.Kind?
        try Transfer.download(url: server.url, to: path, accept: { _ in
            do { try Transfer.download(url: url, to: path) } catch let error as TransferError { inner = error.kind }
        })
        #expect(inner == .busy)
        #expect(try folder.bytes("f") == content)
    }

    @Test func whatIsNotAcceptedIsNotKept() throws {
        struct Refused: Error {}
        let server = try HTTPFixture { .file([1], for: $0) }
        #expect(throws: Refused.self) { try Transfer.download(url: server.url, to: folder.file("f"), accept: { _ in throw Refused() }) }
        #expect(folder.names == [])
    }

    /// /dev/full takes an open and refuses every byte, as a full disk does.
    @Test func aFullDisk() throws {
        try FileManager.default.createSymbolicLink(atPath: folder.file("f.part"), withDestinationPath: "/dev/full")
        let server = try HTTPFixture { .file([1], for: $0) }
        let error = failure { try Transfer.download(url: server.url, to: folder.file("f")) }
        #expect(error?.kind == .notWritten)
        #expect(error?.message.contains("the disk is full") == true)
        #expect(folder.names == [])
    }

    @Test func foldersThatCannotBeWritten() throws {
        let server = try HTTPFixture { .file([1], for: $0) }
        #expect(failure { try Transfer.download(url: server.url, to: "/nowhere/f") }?.kind == .notWritten)
        #expect(server.requests.isEmpty)
    }
}
