/// iNaturalist 2018 in the split of Brown et al. 2020 (Smooth-AP): two lists of paths, whose folders are the classes.
enum INaturalist2018 {
    static func listing(_ search: LayoutSearch) throws -> ImageListing? {
        try search.first(
            "Inaturalist_train_set1.txt and Inaturalist_test_set1.txt (also in Inat_dataset_splits/; the split is in these lists alone, not in train2018.json) with train_val2018/"
        ) { base in
            let places = ["Inat_dataset_splits/", ""]
            guard let train = search.file(places.map { $0 + "Inaturalist_train_set1.txt" }, in: base),
                let test = search.file(places.map { $0 + "Inaturalist_test_set1.txt" }, in: base)
            else { return nil }
            var listing = ImageListing(path: base, root: base, layout: "Inaturalist_train_set1.txt, Inaturalist_test_set1.txt")
            try add(train, part: .train, to: &listing)
            try add(test, part: .test, to: &listing)
            return listing
        }
    }

    private static func add(_ list: String, part: ImageListing.Part, to listing: inout ImageListing) throws {
        try LabelFile(path: list).forEachLine { line in
            let path = line.text
            // train_val2018/Aves/2761/0f3b….jpg: the class is `Aves/2761`.
            let parts = line.bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).suffix(3)
            guard parts.count == 3, parts.allSatisfy({ !$0.isEmpty }), let first = parts.first, let file = parts.last else {
                throw line.fault("`\(path.shortened)` has no class in it", help: "a line holds a path: train_val2018/Aves/2761/0f3b….jpg")
            }
            let name = String(decoding: line.bytes[first.startIndex..<file.startIndex - 1], as: UTF8.self)
            try listing.add(path, label: listing.label(of: name), part: part, line: line)
        }
    }
}
