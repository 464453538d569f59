import Foundation

/// Benchmarks whose pictures were sorted into one folder a class.
enum BenchmarkFolders {
    static func listing(_ search: LayoutSearch, benchmark: Benchmark) throws -> ImageListing? {
        switch benchmark {
        case .inshop:
            try search.first("one folder an item in train/, query/ and gallery/") { base in
                let parts: [(folder: String, part: ImageListing.Part)] = [("train", .train), ("query", .query), ("gallery", .gallery)]
                guard parts.allSatisfy({ holdsClasses(base + "/" + $0.folder) }) else { return nil }
                return try FolderDataset.folders(path: base, parts: parts)
            }
        case .sop, .inat2018:
            try divided(search)
        case .cub200, .cars196:
            try divided(search) ?? undivided(search)
        }
    }

    /// `train/` and `test/` with the benchmark's own halves in them. The classifiers' halves of Cars, in which every class is
    /// in both, are put together and divided by class.
    private static func divided(_ search: LayoutSearch) throws -> ImageListing? {
        try search.first("one folder a class in train/ and test/") { base in
            guard holdsClasses(base + "/train"), holdsClasses(base + "/test") else { return nil }
            var listing = try FolderDataset.folders(path: base, parts: [("train", .train), ("test", .test)])
            if listing.sharesEveryClass { listing.divide { $0 < $1 / 2 } }
            return listing
        }
    }

    private static func undivided(_ search: LayoutSearch) throws -> ImageListing? {
        try search.first("one folder a class, at the top or in images/ (the first half to train on)") { base in
            guard let root = ["images", ""].map({ $0.isEmpty ? base : base + "/" + $0 }).first(where: holdsClasses) else { return nil }
            return try FolderDataset.halves(path: root)
        }
    }

    /// Folders of distributions that are no classes, even where they hold pictures.
    private static let notClasses: Set<String> = ["train", "test", "images", "car_ims", "cars_train", "cars_test", "devkit"]

    /// True for a folder of folders of which the first holds pictures itself: not for one of other data sets.
    private static func holdsClasses(_ path: String) -> Bool {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path), notClasses.isDisjoint(with: names),
            let first = names.filter({ !$0.hasPrefix(".") && ClassFolder.isFolder(path + "/" + $0) }).min(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }),
            let files = try? FileManager.default.contentsOfDirectory(atPath: path + "/" + first)
        else { return false }
        return files.contains(where: ClassFolder.isPicture)
    }
}
