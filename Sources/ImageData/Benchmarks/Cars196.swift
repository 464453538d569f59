internal import TensorFiles

/// Stanford Cars as distributed, first with all annotations in one file, later in two halves (which were made to train and
/// test classifiers on the same classes; here they are put together) with a devkit.
enum Cars196 {
    static func listing(_ search: LayoutSearch) throws -> ImageListing? {
        try whole(search) ?? halves(search)
    }

    /// `cars_annos.mat`: `annotations` with `relative_im_path` and `class`, and `class_names`.
    private static func whole(_ search: LayoutSearch) throws -> ImageListing? {
        try search.first("cars_annos.mat (also in devkit/) with car_ims/") { base in
            guard let path = search.file(["cars_annos.mat", "devkit/cars_annos.mat"], in: base), search.folder(["car_ims"], in: base) != nil else {
                return nil
            }
            let file = try MATFile.read(path: path)
            var listing = ImageListing(path: base, root: base, layout: "cars_annos.mat")
            try add(file, from: path, pathField: "relative_im_path", folder: "", names: names(in: file), to: &listing)
            listing.divide { $0 < $1 / 2 }
            return listing
        }
    }

    /// `cars_train_annos.mat` and `cars_test_annos_withlabels.mat`: `annotations` with `fname` and `class`; the names stand in
    /// `cars_meta.mat`.
    private static func halves(_ search: LayoutSearch) throws -> ImageListing? {
        try search.first(
            "cars_train_annos.mat and cars_test_annos_withlabels.mat (also in devkit/; cars_test_annos.mat has no classes) with cars_train/ and cars_test/"
        ) { base in
            let places = ["devkit/", ""]
            guard let train = search.file(places.map { $0 + "cars_train_annos.mat" }, in: base),
                let test = search.file(places.map { $0 + "cars_test_annos_withlabels.mat" }, in: base),
                search.folder(["cars_train"], in: base) != nil, search.folder(["cars_test"], in: base) != nil
            else { return nil }
            let meta = try search.file(places.map { $0 + "cars_meta.mat" }, in: base).map { try names(in: MATFile.read(path: $0)) }
            var listing = ImageListing(path: base, root: base, layout: "cars_train_annos.mat, cars_test_annos_withlabels.mat")
            for (path, folder) in [(train, "cars_train/"), (test, "cars_test/")] {
                try add(MATFile.read(path: path), from: path, pathField: "fname", folder: folder, names: meta ?? [], to: &listing)
            }
            listing.divide { $0 < $1 / 2 }
            return listing
        }
    }

    /// Class names, the first that of class 1; empty where there are none.
    private static func names(in file: [String: MATValue]) -> [String] {
        if case .cells(let cells)? = file["class_names"] { cells.map { $0.text ?? "" } } else { [] }
    }

    private static func add(
        _ file: [String: MATValue], from path: String, pathField: String, folder: String, names: [String], to listing: inout ImageListing
    ) throws {
        guard case .structs(let fields, let elements)? = file["annotations"] else {
            let variables = file.keys.sorted().joined(separator: ", ")
            throw DatasetError(dataset: path, reason: "has no array of structs `annotations`\(variables.isEmpty ? "" : "; it holds \(variables.shortened)")")
        }
        guard let picture = fields.firstIndex(of: pathField), let kind = fields.firstIndex(of: "class") else {
            throw DatasetError(
                dataset: path, reason: "its annotations have no `\(fields.contains(pathField) ? "class" : pathField)`, but \(fields.joined(separator: ", ").shortened)")
        }
        guard !elements.isEmpty else { throw DatasetError(dataset: path, reason: "holds no annotations") }
        for (index, element) in elements.enumerated() {
            let row = LabelFile.Line(file: path, number: index + 1, bytes: [])
            guard let name = element[picture].text, !name.isEmpty else { throw row.fault("annotation has no text `\(pathField)`") }
            guard let value = element[kind].number, let number = Int(exactly: value), number >= 1 else {
                throw row.fault("annotation has no class number from 1 on")
            }
            let title = number <= names.count && !names[number - 1].isEmpty ? names[number - 1] : "\(number)"
            try listing.add(folder + name, label: listing.label(of: title, rank: number), part: .train, line: row)
        }
    }
}
