import Foundation

/// Pictures, classes and halves as a data set's own files name them, on the way to an ``ImageDataset``.
///
/// What every layout must hold is checked here, once: no picture twice, no class in two halves, no path that leaves the
/// folder, no picture that is not there.
struct ImageListing {
    /// What a picture is for.
    enum Part {
        case train, validation, test, query, gallery

        var isTest: Bool { self == .test || self == .query || self == .gallery }
    }

    /// How pictures are looked at before the data set is used. With `skipBad` every one is decoded whatever this says.
    enum Check {
        /// The file is there: for lists, which say that it is a picture.
        case presence
        /// Its header is that of a picture: for folders, which hold what they hold.
        case header
    }

    private struct Entry {
        let path: String
        let label: Int
        let part: Part
        /// Line of `files[file]`; 0 for an entry that no line names.
        let file: Int
        let line: Int
    }

    private struct ClassEntry {
        let name: String
        let rank: Int
    }

    /// Of the data set, for messages.
    let path: String
    /// Folder that the pictures' paths begin at.
    let root: String
    /// Files read, words for ``ImageDataset/layout``.
    let layout: String
    private var entries: [Entry] = []
    private var classes: [ClassEntry] = []
    private var labels: [ExactText: Int] = [:]
    private var files: [String] = []
    private var warnings: [String] = []

    init(path: String, root: String, layout: String) {
        self.path = path
        self.root = root
        self.layout = layout
    }

    var isEmpty: Bool { entries.isEmpty }

    /// Classes named so far.
    var classCount: Int { classes.count }

    /// The label of a class, by the same name always the same.
    /// - Parameter rank: places it among the others; those of equal rank stand in the order in which they came.
    mutating func label(of name: String, rank: Int = 0) -> Int {
        let key = ExactText(name)
        if let known = labels[key] { return known }
        classes.append(ClassEntry(name: name, rank: rank))
        labels[key] = classes.count - 1
        return classes.count - 1
    }

    /// Adds a picture that a line of a list names.
    /// - Throws: ``DatasetError`` for a path that is absolute or leaves the folder, unless `anywhere`.
    mutating func add(_ path: String, label: Int, part: Part, line: LabelFile.Line, anywhere: Bool = false) throws {
        guard !Self.climbs(path), anywhere || path.utf8.first != UInt8(ascii: "/") else {
            throw line.fault("`\(path.shortened)` leaves the data set's folder")
        }
        if files.last != line.file { files.append(line.file) }
        entries.append(Entry(path: path, label: label, part: part, file: files.count - 1, line: line.number))
    }

    /// Whether one of the path's parts is `..`.
    private static func climbs(_ path: String) -> Bool {
        var dots = 0  // since the last slash; below 0 once something else came
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "/"):
                if dots == 2 { return true }
                dots = 0
            case UInt8(ascii: ".") where dots >= 0: dots += 1
            default: dots = -1
            }
        }
        return dots == 2
    }

    /// Adds a picture that was found, not named.
    mutating func add(_ path: String, label: Int, part: Part) {
        entries.append(Entry(path: path, label: label, part: part, file: 0, line: 0))
    }

    /// Whether each class has pictures in both halves, as where a classifier is trained on the one and tested on the other.
    var sharesEveryClass: Bool {
        var halves = [Set<String>](repeating: [], count: classes.count)
        for entry in entries { halves[entry.label].insert(half(entry.part)) }
        return halves.allSatisfy { $0.count > 1 }
    }

    /// Divides classes that have no half of their own: `train` is asked for each, with its place in their order from 0 and
    /// the number of classes.
    mutating func divide(training: (_ place: Int, _ count: Int) -> Bool) {
        let order = classOrder
        var isTraining = [Bool](repeating: false, count: classes.count)
        for (place, label) in order.enumerated() { isTraining[label] = training(place, order.count) }
        entries = entries.map { Entry(path: $0.path, label: $0.label, part: isTraining[$0.label] ? .train : .test, file: $0.file, line: $0.line) }
    }

    private var classOrder: [Int] {
        classes.indices.sorted { (classes[$0].rank, $0) < (classes[$1].rank, $1) }
    }

    // MARK: To a data set

    /// - Throws: ``DatasetError`` for a picture named twice, a class in two halves, a half without classes; ``ImageError``
    ///   that names the first picture that is missing, or none, unless `skipBad`.
    func dataset(name: String, check: Check, skipBad: Bool, threads: Int) throws -> ImageDataset {
        try refuseDuplicates()
        try refuseSharedClasses()
        let bad = PictureCheck.failures(
            in: entries.map(\.path), root: root, by: skipBad ? .decoding : check == .header ? .header : .presence, threads: threads)
        if let first = bad.first, !skipBad { throw missing(first, others: bad.count - 1) }

        var result = self
        if !bad.isEmpty { result.leaveOut(Set(bad.map(\.index))) }
        var dataset = try result.divided(name: name)
        dataset.skipped = bad.map { ImageDataset.SkippedFile(name: entries[$0.index].path, reason: $0.reason) }
        return dataset
    }

    private func refuseDuplicates() throws {
        var seen: [ExactText: Int] = Dictionary(minimumCapacity: entries.count)
        for (index, entry) in entries.enumerated() {
            guard let first = seen.updateValue(index, forKey: ExactText(entry.path)) else { continue }
            throw DatasetError(
                dataset: place(of: entry), reason: "names `\(entry.path.shortened)` a second time; first in \(place(of: entries[first]))")
        }
    }

    private func refuseSharedClasses() throws {
        var first = [Int?](repeating: nil, count: classes.count)
        for (index, entry) in entries.enumerated() {
            guard let other = first[entry.label] else {
                first[entry.label] = index
                continue
            }
            let halves = [half(entries[other].part), half(entry.part)]
            guard halves[0] != halves[1] else { continue }
            let isTrainAndTest = halves.contains("training") && halves.contains("test")
            let name = classes[entry.label].name.shortened
            throw DatasetError(
                dataset: path,
                reason: (isTrainAndTest ? "class `\(name)` is both to train and to test on" : "class `\(name)` is in the \(halves[0]) and the \(halves[1]) half")
                    + (entry.line > 0 ? " (\(place(of: entries[other])) and \(place(of: entry)))" : "") + "; retrieval is tested on other classes")
        }
    }

    private func half(_ part: Part) -> String {
        switch part {
        case .train: "training"
        case .validation: "validation"
        case .test, .query, .gallery: "test"
        }
    }

    private func missing(_ failure: PictureCheck.Failure, others: Int) -> ImageError {
        let entry = entries[failure.index]
        return ImageError(
            name: PictureCheck.path(entry.path, root: root),
            reason: failure.reason + (entry.line > 0 ? ", named in \(place(of: entry))" : "") + (others > 0 ? " (and \(others) more)" : ""),
            help: "`skip-bad` leaves such files out and counts them")
    }

    private func place(of entry: Entry) -> String { entry.line > 0 ? "\(files[entry.file]):\(entry.line)" : path }

    private mutating func leaveOut(_ bad: Set<Int>) {
        let before = counts
        entries = entries.indices.filter { !bad.contains($0) }.map { entries[$0] }
        let after = counts
        for label in classOrder where before[label] > 0 && after[label] == 0 {
            warnings.append("class `\(classes[label].name)` is left out: none of its files is a picture")
        }
    }

    /// Pictures of each class.
    private var counts: [Int] {
        var counts = [Int](repeating: 0, count: classes.count)
        for entry in entries { counts[entry.label] += 1 }
        return counts
    }

    private func divided(name: String) throws -> ImageDataset {
        let (train, trainClasses) = items { $0 == .train }
        let (validation, validationClasses) = items { $0 == .validation }
        let (test, testClasses) = items(\.isTest)
        guard !train.isEmpty, !test.isEmpty else {
            throw DatasetError(
                dataset: path,
                reason: "\(trainClasses.count) classes to train on and \(testClasses.count) to test on: each must be at least 1")
        }
        var dataset = ImageDataset(name: name, train: train, trainClasses: trainClasses, test: test, testClasses: testClasses)
        dataset.validation = validation
        dataset.validationClasses = validationClasses
        dataset.layout = layout
        let parts = entries.map(\.part).filter(\.isTest)
        if parts.contains(where: { $0 != .test }) {
            dataset.query = parts.indices.filter { parts[$0] == .query }
            dataset.gallery = parts.indices.filter { parts[$0] == .gallery }
        }
        dataset.warnings = warnings + dataset.loneliness()
        return dataset
    }

    private func items(_ isWanted: (Part) -> Bool) -> ([DatasetItem], [String]) {
        var present = [Bool](repeating: false, count: classes.count)
        for entry in entries where isWanted(entry.part) { present[entry.label] = true }
        let order = classOrder.filter { present[$0] }
        var labels = [Int](repeating: 0, count: classes.count)
        for (label, own) in order.enumerated() { labels[own] = label }
        let items = entries.filter { isWanted($0.part) }.map { entry in
            DatasetItem(name: entry.path, source: .file(path: PictureCheck.path(entry.path, root: root)), label: labels[entry.label])
        }
        return (items, order.map { classes[$0].name })
    }
}

extension ImageDataset {
    /// Warnings of classes with one picture, and of queries that have nothing to find.
    fileprivate func loneliness() -> [String] {
        var warnings: [String] = []
        for (half, items, names) in [("training", train, trainClasses), ("validation", validation, validationClasses), ("test", test, testClasses)] {
            if half == "test", query != nil { continue }
            var sizes = [Int](repeating: 0, count: names.count)
            for item in items { sizes[item.label] += 1 }
            let single = names.indices.filter { sizes[$0] == 1 }
            guard let first = single.first else { continue }
            let count = single.count == 1 ? "1 \(half) class has" : "\(single.count) \(half) classes have"
            warnings.append("\(count) one image (`\(names[first])`\(single.count == 1 ? "" : ", ...")): nothing to find for it as a query")
        }
        if let query, let gallery {
            let known = Set(gallery.map { test[$0].label })
            let alone = query.filter { !known.contains(test[$0].label) }
            if let first = alone.first {
                warnings.append("\(alone.count) \(alone.count == 1 ? "query has" : "queries have") no image of the class in the gallery (`\(test[first].name)`\(alone.count == 1 ? "" : ", ...")) and will not count")
            }
        }
        return warnings
    }
}

/// A text that equals only the same bytes: two file names that look alike, composed and decomposed, are two files.
struct ExactText: Hashable {
    private let text: String

    init(_ text: String) { self.text = text }

    static func == (left: ExactText, right: ExactText) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
