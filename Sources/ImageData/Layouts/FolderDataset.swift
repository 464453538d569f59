import Foundation

/// Data sets of one folder a class.
public enum FolderDataset {
    /// How the classes are divided into those to train on and those to test on.
    public enum Split: Sendable, Hashable {
        /// The first half of the class folders in byte order of their names is for training (of an odd number the smaller half).
        case order
        /// Two files name the classes, one a line; blank lines and lines that begin with `#` do not count.
        case list(train: String, test: String)
        /// The class folders lie in `train/` and `test/`; a class must not be in both.
        case folders
    }

    /// The data set in the folder at `path`.
    ///
    /// Every file's header is read. With `skipBad` every picture is also decoded, on `threads` threads, and those that cannot
    /// be are left out and listed in `skipped`; a class that loses all its pictures this way is left out, with a warning.
    /// - Throws: `DatasetError` for a missing or empty folder, a class without pictures, lists that name no folder or share a
    ///   class; `ImageError` that names the first file that is no picture, unless `skipBad`.
    public static func load(path: String, split: Split, skipBad: Bool = false, threads: Int = 1) throws -> ImageDataset {
        let path = try existing(path)
        let listing = switch split {
        case .order: try halves(path: path)
        case .folders: try folders(path: path, parts: [("train", .train), ("test", .test)])
        case .list(let train, let test): try listed(path: path, train: train, test: test)
        }
        return try listing.dataset(name: (path as NSString).lastPathComponent, check: .header, skipBad: skipBad, threads: threads)
    }

    /// The path without a slash at its end.
    /// - Throws: ``DatasetError`` when no folder is there.
    static func existing(_ path: String) throws -> String {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        guard FileManager.default.fileExists(atPath: path) else { throw DatasetError(dataset: path, reason: "no such folder") }
        guard ClassFolder.isFolder(path) else { throw DatasetError(dataset: path, reason: "is a file, not a folder") }
        return path
    }

    /// The class folders in `path`, the first half of them to train on.
    static func halves(path: String, layout: String = "one folder a class, the first half to train on") throws -> ImageListing {
        let folders = try ClassFolder.all(in: path, dataset: path)
        guard folders.count >= 2 else {
            throw DatasetError(
                dataset: path,
                reason: folders.isEmpty ? "holds no class folders" : "holds one class folder; training and test need one each",
                help: "put the pictures of each class into a folder of their own")
        }
        var listing = ImageListing(path: path, root: path, layout: layout)
        for folder in folders { try listing.add(folder, part: .train) }
        listing.divide { $0 < $1 / 2 }
        return listing
    }

    /// The class folders in folders named after what their pictures are for.
    static func folders(path: String, parts: [(folder: String, part: ImageListing.Part)]) throws -> ImageListing {
        for (half, _) in parts where !ClassFolder.isFolder(path + "/" + half) {
            throw DatasetError(dataset: path, reason: "has no folder `\(half)/`", help: "`split=order` needs none")
        }
        var listing = ImageListing(
            path: path, root: path, layout: "one folder a class in " + parts.map { $0.folder + "/" }.joined(separator: ", "))
        for (half, part) in parts {
            for folder in try ClassFolder.all(in: path + "/" + half, dataset: path) {
                try listing.add(ClassFolder(name: folder.name, files: folder.files.map { half + "/" + $0 }), part: part)
            }
        }
        return listing
    }

    private static func listed(path: String, train: String, test: String) throws -> ImageListing {
        let folders = try ClassFolder.all(in: path, dataset: path)
        let byName = Dictionary(folders.map { (ExactText($0.name), $0) }, uniquingKeysWith: { first, _ in first })
        var listing = ImageListing(path: path, root: path, layout: "one folder a class, divided by two lists")
        var trained: Set<ExactText> = []
        for (list, part) in [(train, ImageListing.Part.train), (test, .test)] {
            for name in try ClassList.read(path: list) {
                guard let folder = byName[ExactText(name)] else {
                    throw DatasetError(dataset: path, reason: "has no class folder `\(name.shortened)`, which \(list) names")
                }
                if part == .train { trained.insert(ExactText(name)) }
                guard part == .train || !trained.contains(ExactText(name)) else {
                    throw DatasetError(
                        dataset: path,
                        reason: "class `\(name)` is both to train and to test on; retrieval is tested on other classes")
                }
                try listing.add(folder, part: part)
            }
        }
        return listing
    }
}

extension ImageListing {
    fileprivate mutating func add(_ folder: ClassFolder, part: Part) throws {
        guard !folder.files.isEmpty else {
            throw DatasetError(
                dataset: path, reason: "the class folder `\(folder.name)` holds no pictures", help: "JPEG, PNG and WebP are read")
        }
        let label = self.label(of: folder.name)
        for file in folder.files { add(file, label: label, part: part) }
    }
}
