/// Says when a training writes its next checkpoint: after every so many epochs or steps, or so much time.
struct CheckpointClock {
    private let options: TrainingOptions
    private var last = ContinuousClock.now

    init(_ options: TrainingOptions) { self.options = options }

    /// - Parameters:
    ///   - steps: that lie behind the next one, those of earlier epochs counted in.
    ///   - epochs: that are over, where the last step ended one.
    func isDue(steps: Int, epochs: Int?) -> Bool {
        if let epochs, let every = options.checkpointEvery, epochs % every == 0 { return true }
        if let every = options.checkpointSteps, steps % every == 0 { return true }
        guard let seconds = options.checkpointSeconds else { return false }
        return (ContinuousClock.now - last) / .seconds(1) >= seconds
    }

    mutating func wrote() { last = ContinuousClock.now }
}
