/// In-Shop Clothes Retrieval as distributed: `list_eval_partition.txt`, the number of pictures and a heading, and then for each
/// picture its path, its item and whether it trains, asks or is to be found.
enum InShopClothes {
    static func listing(_ search: LayoutSearch) throws -> ImageListing? {
        try search.first("list_eval_partition.txt (also in Eval/ or Anno/) with img/ (also in Img/)") { base in
            guard let list = search.file(["Eval/", "Anno/", ""].map { $0 + "list_eval_partition.txt" }, in: base),
                let pictures = search.folder(["img", "Img/img"], in: base)
            else { return nil }
            // The list's paths begin with `img/` themselves.
            return try listing(list: list, base: base, root: String(pictures.dropLast("/img".count)))
        }
    }

    private static func listing(list: String, base: String, root: String) throws -> ImageListing {
        var listing = ImageListing(path: base, root: root, layout: "list_eval_partition.txt")
        var announced: Int?
        var count = 0
        try LabelFile(path: list).forEachLine { line in
            if line.number == 1, let number = Int(line.text) {
                announced = number
                return
            }
            if line.number <= 2, line.text.hasPrefix("image_name") { return }
            let fields = try line.fields(3, "a picture's path, its item and train, query or gallery: img/WOMEN/Dresses/id_00000002/02_1_front.jpg id_00000002 train")
            let part: ImageListing.Part = switch fields[2] {
            case "train": .train
            case "query": .query
            case "gallery": .gallery
            default: throw line.fault("`\(fields[2].shortened)` is none of train, query and gallery")
            }
            try listing.add(fields[0], label: listing.label(of: fields[1]), part: part, line: line)
            count += 1
        }
        if let announced, announced != count {
            throw DatasetError(
                dataset: list, reason: "announces \(announced) pictures and names \(count): truncated?")
        }
        return listing
    }
}
