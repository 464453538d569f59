/// Stanford Online Products as distributed: `Ebay_train.txt` and `Ebay_test.txt`, a heading and then for each picture its
/// number, its class's, that of its kind of product, and its path.
enum StanfordOnlineProducts {
    static func listing(_ search: LayoutSearch) throws -> ImageListing? {
        try search.first("Ebay_train.txt and Ebay_test.txt (also in Info_Files/) with bicycle_final/ … (also in images/)") { base in
            let places = ["", "Info_Files/"]
            guard let train = search.file(places.map { $0 + "Ebay_train.txt" }, in: base),
                let test = search.file(places.map { $0 + "Ebay_test.txt" }, in: base),
                let root = search.folder(["images", ""], in: base)
            else { return nil }
            var listing = ImageListing(path: base, root: root, layout: "Ebay_train.txt, Ebay_test.txt")
            try add(train, part: .train, to: &listing)
            try add(test, part: .test, to: &listing)
            return listing
        }
    }

    private static func add(_ list: String, part: ImageListing.Part, to listing: inout ImageListing) throws {
        try LabelFile(path: list).forEachLine { line in
            if line.number == 1, line.text.hasPrefix("image_id") { return }
            let fields = try line.fields(4, "image_id class_id super_class_id path: 1 1 1 bicycle_final/111085122871_0.JPG")
            let number = try line.positive(fields[1], "class number")
            // bicycle_final/…: a bicycle. Bytes, for characters cost half the time of a list of 120,000 lines.
            var kind = fields[3].utf8.prefix { $0 != UInt8(ascii: "/") }
            if kind.reversed().starts(with: "_final".utf8.reversed()) { kind = kind.dropLast("_final".utf8.count) }
            try listing.add(fields[3], label: listing.label(of: "\(Substring(kind)) \(number)", rank: number), part: part, line: line)
        }
    }
}
