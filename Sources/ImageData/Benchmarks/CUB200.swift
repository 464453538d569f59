/// Caltech-UCSD Birds as distributed: `images.txt` names the pictures, `image_class_labels.txt` their classes, by number.
enum CUB200 {
    static func listing(_ search: LayoutSearch) throws -> ImageListing? {
        try search.first("images.txt and image_class_labels.txt with images/") { base in
            guard let images = search.file(["images.txt"], in: base), let labels = search.file(["image_class_labels.txt"], in: base) else { return nil }
            return try listing(images: images, labels: labels, names: search.file(["classes.txt"], in: base), base: base)
        }
    }

    private static func listing(images: String, labels: String, names: String?, base: String) throws -> ImageListing {
        var nameOfClass: [Int: String] = [:]
        if let names {
            try LabelFile(path: names).forEachLine { line in
                let fields = try line.fields(2, "a class's number and its name: 1 001.Black_footed_Albatross")
                nameOfClass[try line.positive(fields[0], "class number")] = fields[1]
            }
        }
        var classOfImage: [Int: Int] = [:]
        try LabelFile(path: labels).forEachLine { line in
            let fields = try line.fields(2, "a picture's number and its class's: 1 1")
            let image = try line.positive(fields[0], "picture number")
            guard classOfImage.updateValue(try line.positive(fields[1], "class number"), forKey: image) == nil else {
                throw line.fault("gives picture \(image) a second class")
            }
        }
        var listing = ImageListing(path: base, root: base + "/images", layout: "images.txt, image_class_labels.txt")
        var seen: Set<Int> = []
        try LabelFile(path: images).forEachLine { line in
            let fields = try line.fields(2, "a picture's number and its path: 1 001.Black_footed_Albatross/Black_Footed_Albatross_0046_18.jpg")
            let image = try line.positive(fields[0], "picture number")
            guard seen.insert(image).inserted else { throw line.fault("names picture \(image) a second time") }
            guard let number = classOfImage[image] else { throw line.fault("names picture \(image), to which \(labels) gives no class") }
            try listing.add(
                fields[1], label: listing.label(of: nameOfClass[number] ?? "\(number)", rank: number), part: .train, line: line)
        }
        if classOfImage.count > seen.count {
            let missing = classOfImage.keys.filter { !seen.contains($0) }.min() ?? 0
            throw DatasetError(dataset: labels, reason: "gives picture \(missing) a class, but \(images) does not name it")
        }
        listing.divide { $0 < $1 / 2 }
        return listing
    }
}
