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
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        guard FileManager.default.fileExists(atPath: path) else { throw DatasetError(dataset: path, reason: "no such folder") }
        guard ClassFolder.isFolder(path) else { throw DatasetError(dataset: path, reason: "is a file, not a folder") }

        var (train, test) = try divide(path: path, split: split)
        var skipped: [ImageDataset.SkippedFile] = []
        var warnings: [String] = []
        for folder in train + test where folder.files.isEmpty {
            throw DatasetError(
                dataset: path, reason: "the class folder `\(folder.name)` holds no pictures", help: "JPEG, PNG and WebP are read")
        }
        let bad = PictureCheck.failures(
            in: (train + test).flatMap(\.files), root: path, decoding: skipBad, threads: threads)
        if let first = bad.first, !skipBad {
            let others = bad.count == 1 ? "" : " (and \(bad.count - 1) more)"
            throw ImageError(
                name: path + "/" + first.name, reason: first.reason + others, help: "`skip-bad` leaves such files out and counts them")
        }
        if !bad.isEmpty {
            let names = Set(bad.map(\.name))
            let without = { (folders: [ClassFolder]) -> [ClassFolder] in
                folders.compactMap { folder in
                    let files = folder.files.filter { !names.contains($0) }
                    if files.isEmpty { warnings.append("class `\(folder.name)` is left out: none of its files is a picture") }
                    return files.isEmpty ? nil : ClassFolder(name: folder.name, files: files)
                }
            }
            train = without(train)
            test = without(test)
            skipped = bad
        }
        guard !train.isEmpty, !test.isEmpty else {
            throw DatasetError(
                dataset: path, reason: "\(train.count) classes to train on and \(test.count) to test on: each must be at least 1")
        }
        for (half, folders) in [("training", train), ("test", test)] {
            let single = folders.filter { $0.files.count == 1 }.map(\.name)
            guard let first = single.first else { continue }
            let count = single.count == 1 ? "1 \(half) class has" : "\(single.count) \(half) classes have"
            warnings.append("\(count) one image (`\(first)`\(single.count == 1 ? "" : ", ...")): nothing to find for it as a query")
        }

        var dataset = ImageDataset(
            name: (path as NSString).lastPathComponent, train: items(train, root: path), trainClasses: train.map(\.name),
            test: items(test, root: path), testClasses: test.map(\.name))
        dataset.skipped = skipped
        dataset.warnings = warnings
        return dataset
    }

    private static func items(_ folders: [ClassFolder], root: String) -> [DatasetItem] {
        folders.enumerated().flatMap { label, folder in
            folder.files.map { DatasetItem(name: $0, source: .file(path: root + "/" + $0), label: label) }
        }
    }

    private static func divide(path: String, split: Split) throws -> (train: [ClassFolder], test: [ClassFolder]) {
        switch split {
        case .order:
            let folders = try ClassFolder.all(in: path, dataset: path)
            guard folders.count >= 2 else {
                throw DatasetError(
                    dataset: path,
                    reason: folders.isEmpty ? "holds no class folders" : "holds one class folder; training and test need one each",
                    help: "put the pictures of each class into a folder of their own")
            }
            return (Array(folders[..<(folders.count / 2)]), Array(folders[(folders.count / 2)...]))
        case .folders:
            for half in ["train", "test"] where !ClassFolder.isFolder(path + "/" + half) {
                throw DatasetError(dataset: path, reason: "has no folder `\(half)/`", help: "`split=order` needs none")
            }
            let halves = try ["train", "test"].map { half in
                try ClassFolder.all(in: path + "/" + half, dataset: path).map { folder in
                    ClassFolder(name: folder.name, files: folder.files.map { half + "/" + $0 })
                }
            }
            try refuseShared(halves[0].map(\.name), halves[1].map(\.name), dataset: path)
            return (halves[0], halves[1])
        case .list(let trainList, let testList):
            let folders = try ClassFolder.all(in: path, dataset: path)
            let byName = Dictionary(folders.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
            let halves = try [trainList, testList].map { list in
                try ClassList.read(path: list).map { name in
                    guard let folder = byName[name] else {
                        throw DatasetError(dataset: path, reason: "has no class folder `\(name)`, which \(list) names")
                    }
                    return folder
                }
            }
            try refuseShared(halves[0].map(\.name), halves[1].map(\.name), dataset: path)
            return (halves[0], halves[1])
        }
    }

    private static func refuseShared(_ train: [String], _ test: [String], dataset: String) throws {
        let trained = Set(train)
        if let shared = test.first(where: trained.contains) {
            throw DatasetError(
                dataset: dataset, reason: "class `\(shared)` is both to train and to test on; retrieval is tested on other classes")
        }
    }
}
