extension ImageDataset {
    /// This data set with a share of its training classes held out for validation: the last ones in order, their number rounded
    /// to nearest but at least 1, and at least 1 class left to train on.
    /// - Parameter fraction: above 0, below 1.
    public func holdingOut(validation fraction: Double) throws -> ImageDataset {
        guard fraction > 0, fraction < 1 else {
            throw DatasetError(dataset: name, reason: "the validation share must be above 0 and below 1, not \(fraction)")
        }
        try checkHoldingOut()
        let held = min(max(Int((fraction * Double(trainClasses.count)).rounded()), 1), trainClasses.count - 1)
        return holdingOut(trainClasses.count - held..<trainClasses.count)
    }

    /// This data set with one of `folds` parts of its training classes held out for validation. The parts are of neighbouring
    /// classes, in order, equal but for 1 (Musgrave et al. 2020); every class is held out exactly once. The same for every
    /// seed, so that differences between seeds are the training's alone.
    /// - Parameters:
    ///   - fold: 1 to `folds`.
    ///   - folds: 2 to the number of training classes.
    public func holdingOut(fold: Int, of folds: Int) throws -> ImageDataset {
        try checkHoldingOut()
        guard folds >= 2, folds <= trainClasses.count else {
            throw DatasetError(
                dataset: name, reason: "\(trainClasses.count) training classes cannot be divided into \(folds) folds",
                help: "folds from 2 to \(trainClasses.count)")
        }
        guard (1...folds).contains(fold) else {
            throw DatasetError(dataset: name, reason: "fold \(fold) is none of the \(folds); they are numbered from 1")
        }
        // Both factors are at most the number of classes, which are in memory.
        return holdingOut((fold - 1) * trainClasses.count / folds..<fold * trainClasses.count / folds)
    }

    private func checkHoldingOut() throws {
        guard validationClasses.isEmpty else { throw DatasetError(dataset: name, reason: "validation classes are already held out") }
        guard trainClasses.count >= 2 else {
            throw DatasetError(dataset: name, reason: "\(trainClasses.count) training class: none can be held out for validation")
        }
    }

    private func holdingOut(_ held: Range<Int>) -> ImageDataset {
        var result = self
        result.trainClasses.removeSubrange(held)
        result.validationClasses = Array(trainClasses[held])
        result.train = train.compactMap { item in
            held.contains(item.label) ? nil : item.label < held.lowerBound ? item : item.relabeled(item.label - held.count)
        }
        result.validation = train.filter { held.contains($0.label) }.map { $0.relabeled($0.label - held.lowerBound) }
        return result
    }
}
