internal import RandomStreams

/// Brings a picture from its file to what a network takes, by way of what was kept of it.
struct PictureReader: Sendable {
    let transform: ImageTransform
    /// Decoded pictures, in memory.
    let cache: ImageCache?
    /// What the transform made of pictures, on disk; of no use to one that is random.
    let crops: CropCache?

    /// - Parameter stream: where a random transform takes its numbers
    /// - Throws: `ImageError` that names the picture.
    func planes(of item: DatasetItem, stream: inout RandomStream) throws -> ImagePlanes {
        try transform.planes(of: picture(of: item, stream: &stream))
    }

    private func picture(of item: DatasetItem, stream: inout RandomStream) throws -> RGBImage {
        guard case .file(let path) = item.source else { return try transform.picture(item.image(), stream: &stream) }  // a sheet keeps its tiles itself
        guard let crops, !transform.isRandom, let place = crops.place(of: path, transform: transform) else { return try made(path, stream: &stream) }
        if let kept = crops.picture(at: place) { return kept }
        let picture = try made(path, stream: &stream)
        crops.keep(picture, at: place)
        return picture
    }

    private func made(_ path: String, stream: inout RandomStream) throws -> RGBImage {
        guard transform.decoding == .fast else {
            let decode = { try ImageDecoder.decode(path: path) }
            return try transform.picture(cache?.image(path: path, decode: decode) ?? decode(), stream: &stream)
        }
        let encoded = try EncodedPicture(FileBytes.contents(path: path), name: path)
        return try transform.picture(of: encoded, stream: &stream) { shrink in
            let decode = { try encoded.decoded(shrunk: shrink) }
            return try cache?.image(path: path, shrunk: shrink, decode: decode) ?? decode()
        }
    }
}
