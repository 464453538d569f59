import ImageData
import Testing

struct ImageDatasetTests {
    private func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        for label in 0..<10 { for number in 0..<2 { try folder.picture("c\(label)/\(number).png", 16 * label + number) } }
        return folder
    }

    @Test(arguments: [(0.2, 4), (0.4, 3), (0.01, 4), (0.99, 1)])
    func holdsOutTheLastTrainingClasses(_ fraction: Double, _ kept: Int) throws {
        let folder = try folder()
        let whole = try FolderDataset.load(path: folder.path, split: .order)
        let data = try whole.holdingOut(validation: fraction)
        #expect(data.trainClasses == Array(whole.trainClasses[..<kept]))
        #expect(data.validationClasses == Array(whole.trainClasses[kept...]))
        #expect(data.train.map(\.label) == (0..<kept).flatMap { [$0, $0] })
        #expect(data.validation.map(\.label) == (0..<5 - kept).flatMap { [$0, $0] })
        #expect(data.validation.map(\.name) == whole.train[(2 * kept)...].map(\.name))
        #expect(data.test.map(\.name) == whole.test.map(\.name))
        #expect(throws: DatasetError.self) { try data.holdingOut(validation: 0.2) }
    }

    @Test(arguments: [0, 1, -0.5, .nan])
    func refusesSenselessShares(_ fraction: Double) throws {
        let folder = try folder()
        let data = try FolderDataset.load(path: folder.path, split: .order)
        #expect(throws: DatasetError.self) { try data.holdingOut(validation: fraction) }
    }

    @Test(arguments: [2, 3, 5]) func foldsHoldEachClassOutOnce(_ folds: Int) throws {
        let folder = try folder()
        let whole = try FolderDataset.load(path: folder.path, split: .order)
        var held: [String] = []
        for fold in 1...folds {
            let data = try whole.holdingOut(fold: fold, of: folds)
            held += data.validationClasses
            #expect(data.trainClasses == whole.trainClasses.filter { !data.validationClasses.contains($0) })
            #expect(abs(data.validationClasses.count * folds - 5) < folds)
            #expect(data.train.map(\.label) == (0..<data.trainClasses.count).flatMap { [$0, $0] })
            #expect(data.validation.map(\.label) == (0..<data.validationClasses.count).flatMap { [$0, $0] })
            for (items, names) in [(data.train, data.trainClasses), (data.validation, data.validationClasses)] {
                #expect(items.allSatisfy { $0.name.hasPrefix(names[$0.label] + "/") })
            }
            #expect(data.test.map(\.name) == whole.test.map(\.name) && data.testClasses == whole.testClasses)
        }
        #expect(held == whole.trainClasses)
        let last = try whole.holdingOut(fold: 5, of: 5)
        #expect(try last.validationClasses == whole.holdingOut(validation: 0.2).validationClasses)
    }

    @Test(arguments: [(0, 5), (6, 5), (1, 1), (1, 6), (-1, 2)]) func refusesSenselessFolds(_ fold: Int, _ folds: Int) throws {
        let folder = try folder()
        let data = try FolderDataset.load(path: folder.path, split: .order)
        #expect(throws: DatasetError.self) { try data.holdingOut(fold: fold, of: folds) }
        #expect(throws: DatasetError.self) { try data.holdingOut(validation: 0.2).holdingOut(fold: 1, of: 2) }
    }

    @Test func hashTellsOrderNamesAndBytesApart() throws {
        let folder = try folder()
        let data = try FolderDataset.load(path: folder.path, split: .order)
        let hash = try data.contentHash()
        #expect(hash.count == 16)
        #expect(try FolderDataset.load(path: folder.path, split: .order).contentHash() == hash)
        var swapped = data
        swapped.train.swapAt(0, 1)
        #expect(try swapped.contentHash() != hash)
        try folder.picture("c0/0.png", 77)
        #expect(try data.contentHash() != hash)
        try folder.remove("c9/1.png")
        let error = #expect(throws: ImageError.self) { try data.contentHash() }
        #expect(error?.name.hasSuffix("c9/1.png") == true)
    }
}
