internal import Foundation

extension LanguageServer {
    /// Talks over standard input and output until `exit` or the end of input.
    ///
    /// - Returns: the exit status.
    public mutating func serve() -> Int32 {
        var stream = MessageStream()
        while true {
            let bytes = FileHandle.standardInput.availableData
            if bytes.isEmpty { return 1 }
            stream.append(bytes)
            while let message = stream.next() {
                do {
                    for answer in try answers(to: message) {
                        try? FileHandle.standardOutput.write(contentsOf: Data(MessageStream.framed(answer)))
                    }
                } catch {
                    return error.status
                }
            }
        }
    }
}
