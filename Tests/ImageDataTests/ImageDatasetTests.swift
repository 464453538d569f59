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
