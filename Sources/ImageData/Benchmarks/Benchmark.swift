import Foundation

/// The data sets that papers of deep metric learning report on, with their splits (classes to test on are never trained on).
public enum Benchmark: String, CaseIterable, Sendable {
    /// CUB-200-2011 (Wah et al. 2011): the first half of the classes trains.
    case cub200
    /// Cars-196 (Krause et al. 2013): the first half of the classes trains.
    case cars196
    /// Stanford Online Products (Oh Song et al. 2016), by its own lists.
    case sop
    /// In-Shop Clothes Retrieval (Liu et al. 2016), by its own list, with queries and gallery.
    case inshop
    /// iNaturalist 2018 in the split of Brown et al. 2020.
    case inat2018

    public var title: String {
        switch self {
        case .cub200: "CUB-200-2011"
        case .cars196: "Cars-196"
        case .sop: "Stanford Online Products"
        case .inshop: "In-Shop Clothes Retrieval"
        case .inat2018: "iNaturalist 2018"
        }
    }

    var published: PublishedCounts {
        switch self {
        case .cub200: PublishedCounts(trainImages: 5864, trainClasses: 100, testImages: 5924, testClasses: 100)
        case .cars196: PublishedCounts(trainImages: 8054, trainClasses: 98, testImages: 8131, testClasses: 98)
        case .sop: PublishedCounts(trainImages: 59_551, trainClasses: 11_318, testImages: 60_502, testClasses: 11_316)
        case .inshop:
            PublishedCounts(
                trainImages: 25_882, trainClasses: 3997, testImages: 26_830, testClasses: 3985, queries: 14_218, gallery: 12_612)
        case .inat2018: PublishedCounts(trainImages: 325_846, trainClasses: 5690, testImages: 136_093, testClasses: 2452)
        }
    }

    /// The benchmark in the folder at `path`, in whatever form it lies there; or by the table at `path` (``CSVDataset``).
    ///
    /// Counts that are not the published ones give a warning that says which.
    /// - Throws: `DatasetError` that lists what was looked for when no known form is there, and for lists that are malformed,
    ///   name a picture twice or a class in two halves; `ImageError` that names a picture that is missing, unless `skipBad`,
    ///   which also decodes every picture, and leaves out and counts those that cannot be.
    public func load(path: String, skipBad: Bool = false, threads: Int = 1) throws -> ImageDataset {
        var data: ImageDataset
        if path.lowercased().hasSuffix(".csv"), !ClassFolder.isFolder(path) {
            data = try CSVDataset.load(path: path, name: rawValue, skipBad: skipBad, threads: threads)
        } else {
            let path = try FolderDataset.existing(path)
            let (listing, check) = try listing(path: path)
            data = try listing.dataset(name: rawValue, check: check, skipBad: skipBad, threads: threads)
        }
        if let difference = published.difference(of: data, title: title) { data.warnings.insert(difference, at: 0) }
        return data
    }

    private func listing(path: String) throws -> (ImageListing, ImageListing.Check) {
        let search = LayoutSearch(path: path, inside: folders)
        let listed = switch self {
        case .cub200: try CUB200.listing(search)
        case .cars196: try Cars196.listing(search)
        case .sop: try StanfordOnlineProducts.listing(search)
        case .inshop: try InShopClothes.listing(search)
        case .inat2018: try INaturalist2018.listing(search)
        }
        if let listed { return (listed, .presence) }
        if let found = try BenchmarkFolders.listing(search, benchmark: self) { return (found, .header) }
        throw search.nothing(of: title)
    }

    /// Folders that the usual archives unpack to.
    private var folders: [String] {
        switch self {
        case .cub200: ["CUB_200_2011", "cub200", "CUB_200_2011/CUB_200_2011"]
        case .cars196: ["stanford_cars", "cars196", "CARS196", "car_data", "car_data/car_data"]
        case .sop: ["Stanford_Online_Products", "sop"]
        case .inshop: ["In-shop Clothes Retrieval Benchmark", "In-shop", "inshop", "DeepFashion"]
        case .inat2018: ["iNaturalist", "inaturalist", "inat2018", "Inaturalist"]
        }
    }
}
