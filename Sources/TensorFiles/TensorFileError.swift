/// What is wrong with a file that holds tensors, or that should.
public struct TensorFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file (or `archive.npz` followed by the member's name).
    public var file: String
    /// The tensor at fault, when there is one.
    public var tensor: String?
    public var message: String

    public init(file: String, tensor: String? = nil, _ message: String) {
        self.file = file
        self.tensor = tensor
        self.message = message
    }

    public var description: String {
        if let tensor { return "\(file): tensor `\(tensor.printable)`: \(message)" }
        return "\(file): \(message)"
    }
}

extension String {
    /// The text with control characters escaped and its middle cut when long: names out of foreign files go to terminals.
    package var printable: String {
        var text = ""
        for scalar in unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: text += "\\u{\(String(scalar.value, radix: 16))}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text.count <= 120 ? text : text.prefix(80) + "…" + text.suffix(30)
    }
}
