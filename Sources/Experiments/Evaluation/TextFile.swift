internal import TensorFiles

/// Texts that the program writes for people.
public enum TextFile {
    /// Writes the text, whole or not at all.
    public static func write(_ text: String, to path: String) throws {
        try reading { try AtomicFile.write(Array(text.utf8), to: path) }
    }
}
