import Foundation

/// One folder that holds the pictures of one class, at any depth below it.
struct ClassFolder {
    let name: String
    /// Paths relative to the folder of the data set, in byte order, so that no locale changes the order.
    let files: [String]

    /// Endings that say "picture". Files of the second kind are named as bad, for they were meant to be read.
    private static let pictureEndings: Set<String> = ["jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff", "heic", "avif"]
    private static let deepest = 16

    /// The class folders directly in `root`, in byte order of their names. Hidden entries and files beside them do not count.
    static func all(in root: String, dataset: String) throws -> [ClassFolder] {
        try entries(of: root, dataset: dataset).filter { isFolder(root + "/" + $0) }.map { name in
            var files: [String] = []
            try collect(root: root, relative: name, depth: 0, dataset: dataset, into: &files)
            return ClassFolder(name: name, files: files)
        }
    }

    static func isFolder(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }

    /// Whether a file's name says so.
    static func isPicture(_ name: String) -> Bool {
        name.split(separator: ".").last.map { pictureEndings.contains($0.lowercased()) } ?? false
    }

    private static func collect(root: String, relative: String, depth: Int, dataset: String, into files: inout [String]) throws {
        guard depth < deepest else {
            throw DatasetError(dataset: dataset, reason: "\(relative) is more than \(deepest) folders deep (a link to itself?)")
        }
        for entry in try entries(of: root + "/" + relative, dataset: dataset) {
            let path = relative + "/" + entry
            if isFolder(root + "/" + path) {
                try collect(root: root, relative: path, depth: depth + 1, dataset: dataset, into: &files)
            } else if isPicture(entry) {
                files.append(path)
            }
        }
    }

    private static func entries(of folder: String, dataset: String) throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder)
                .filter { !$0.hasPrefix(".") }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        } catch {
            let reason = FileManager.default.fileExists(atPath: folder) ? "cannot be listed" : "no such folder"
            throw DatasetError(dataset: dataset, reason: folder == dataset ? reason : "\(folder): \(reason)")
        }
    }
}
