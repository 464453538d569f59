public import ImageData
internal import TensorFiles

/// Pictures that the program makes.
public enum PictureFile {
    /// Writes a PNG, whole or not at all.
    public static func write(_ picture: RGBImage, to path: String) throws {
        try reading { try AtomicFile.write(encodePNG(picture), to: path) }
    }
}
