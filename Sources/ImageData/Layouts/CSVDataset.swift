import Foundation

/// Data sets that a table describes: a heading `path,label,split`, optionally with `is_query` and `is_gallery`, then one picture a
/// row; other columns do not count. The form of Open Metric Learning's tables.
///
/// A path is relative to the table's folder, or absolute. `split` is `train`, `validation` (or `val`) or `test`. A table without
/// `test` has its test half in `validation`, as Open Metric Learning calls it; otherwise `validation` holds classes to choose
/// settings on. Without the two columns, or where both hold of every test picture, each test picture asks among all others.
public enum CSVDataset {
    /// - Parameter name: what messages and results call the data set.
    /// - Throws: `DatasetError` with file and line for a table that is malformed, and as ``Benchmark/load(path:skipBad:threads:)``.
    public static func load(path: String, name: String = "csv", skipBad: Bool = false, threads: Int = 1) throws -> ImageDataset {
        var table = try CommaSeparated(path: path)
        guard let heading = try table.next() else { throw DatasetError(dataset: path, reason: "is empty") }
        let columns = try Columns(heading, path: path)
        var rows: [Row] = []
        while let row = try table.next() { rows.append(try Row(row, columns: columns, path: path)) }
        guard !rows.isEmpty else { throw DatasetError(dataset: path, reason: "has a heading and no rows") }

        // Of Open Metric Learning's two halves the second is called validation.
        let testHalf: Half = rows.contains { $0.half == .test } ? .test : .validation
        let tests = rows.filter { $0.half == testHalf }
        let isSplit = columns.isQuery != nil && !tests.allSatisfy { $0.isQuery && $0.isGallery }
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        var listing = ImageListing(
            path: path, root: path.contains("/") ? folder : ".", layout: (path as NSString).lastPathComponent)
        for row in rows {
            let part: ImageListing.Part = switch row.half {
            case .train: .train
            case testHalf: isSplit ? try row.test(path: path) : .test
            case .test, .validation: .validation
            }
            try listing.add(
                row.picture, label: listing.label(of: row.label), part: part, line: LabelFile.Line(file: path, number: row.line, bytes: []),
                anywhere: true)
        }
        return try listing.dataset(name: name, check: .presence, skipBad: skipBad, threads: threads)
    }

    private enum Half { case train, validation, test }

    /// Where each column stands.
    private struct Columns {
        let path, label, split: Int
        let isQuery, isGallery: Int?

        init(_ heading: CommaSeparated.Row, path file: String) throws {
            let names = heading.fields.map { $0.lowercased() }
            func place(_ name: String) throws -> Int {
                guard let place = names.firstIndex(of: name) else {
                    throw DatasetError(
                        dataset: "\(file):\(heading.line)", reason: "the heading has no column `\(name)`: `\(heading.fields.joined(separator: ",").shortened)`",
                        help: "path,label,split[,is_query,is_gallery]")
                }
                return place
            }
            (path, label, split) = (try place("path"), try place("label"), try place("split"))
            isQuery = names.firstIndex(of: "is_query")
            isGallery = names.firstIndex(of: "is_gallery")
            guard (isQuery == nil) == (isGallery == nil) else {
                throw DatasetError(dataset: "\(file):\(heading.line)", reason: "is_query and is_gallery go together; the heading has one of them")
            }
        }
    }

    private struct Row {
        let line: Int
        let picture, label: String
        let half: Half
        let isQuery, isGallery: Bool

        init(_ row: CommaSeparated.Row, columns: Columns, path file: String) throws {
            func fault(_ reason: String) -> DatasetError { DatasetError(dataset: "\(file):\(row.line)", reason: reason) }
            func field(_ place: Int, _ name: String) throws -> String {
                guard place < row.fields.count else { throw fault("has \(row.fields.count) fields and none for `\(name)`") }
                return row.fields[place]
            }
            func flag(_ place: Int?, _ name: String) throws -> Bool {
                guard let place else { return false }
                let text = try field(place, name)
                switch text.lowercased() {
                case "true", "1", "1.0", "yes": return true
                case "false", "0", "0.0", "no", "", "nan", "none": return false
                default: throw fault("`\(text.shortened)` in column `\(name)` is neither true nor false")
                }
            }
            line = row.line
            picture = try field(columns.path, "path")
            label = try field(columns.label, "label")
            guard !picture.isEmpty else { throw fault("names no picture") }
            guard !label.isEmpty else { throw fault("gives `\(picture.shortened)` no label") }
            let split = try field(columns.split, "split")
            switch split.lowercased() {
            case "train": half = .train
            case "validation", "val": half = .validation
            case "test": half = .test
            default: throw fault("`\(split.shortened)` in column `split` is none of train, validation and test")
            }
            isQuery = try flag(columns.isQuery, "is_query")
            isGallery = try flag(columns.isGallery, "is_gallery")
        }

        func test(path: String) throws -> ImageListing.Part {
            switch (isQuery, isGallery) {
            case (true, false): return .query
            case (false, true): return .gallery
            case (true, true):
                throw DatasetError(
                    dataset: "\(path):\(line)", reason: "`\(picture.shortened)` is query and gallery at once, but others are only one of them",
                    help: "make every test picture both (each then asks among all others), or each one of them")
            case (false, false):
                throw DatasetError(dataset: "\(path):\(line)", reason: "`\(picture.shortened)` is to test on, but neither query nor gallery")
            }
        }
    }
}
