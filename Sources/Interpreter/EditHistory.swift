internal import Experiments
import VPSAnalysis

/// The settings that a session had before each change, and those that were taken back.
struct EditHistory {
    struct Entry {
        /// What the command said: `optim sgd lr=0.1`.
        let change: String
        let before, after: ExperimentSpecification
    }

    /// Changes that are remembered.
    private static let longest = 1_000

    private var done: [Entry] = []
    private var undone: [Entry] = []

    /// Remembers a change, unless nothing but a training's own options changed: `train` is no edit.
    mutating func note(_ change: String, before: ExperimentSpecification, after: ExperimentSpecification) {
        var same = before
        (same.training, same.provenance) = (after.training, after.provenance)
        guard same != after else { return }
        done.append(Entry(change: change, before: before, after: after))
        if done.count > Self.longest { done.removeFirst() }
        undone = []
    }

    mutating func back() -> Entry? {
        guard let entry = done.popLast() else { return nil }
        undone.append(entry)
        return entry
    }

    mutating func forward() -> Entry? {
        guard let entry = undone.popLast() else { return nil }
        done.append(entry)
        return entry
    }
}

extension Session {
    /// - Returns: the change that was taken back; nil when there was none.
    func stepBack() throws -> String? {
        var changed = history
        guard let entry = changed.back() else { return nil }
        try put(entry.before)
        history = changed
        return entry.change
    }

    func stepForward() throws -> String? {
        var changed = history
        guard let entry = changed.forward() else { return nil }
        try put(entry.after)
        history = changed
        return entry.change
    }

    /// Makes the settings those in force; the options of a training stay what they are.
    private func put(_ settings: ExperimentSpecification) throws {
        let now = experiment.specification
        experiment.specification = settings
        experiment.specification.training = now.training
        do {
            try readFacts()
        } catch {
            experiment.specification = now
            throw error
        }
    }

    /// Takes what checks know of the session from the settings, loading what they name.
    func readFacts() throws {
        let specification = experiment.specification
        state.properties = [:]
        state.facts.subtract([.modelLoaded, .dataLoaded, .validationHeldOut])
        if specification.backbone != nil {
            state.properties[.modelDepth] = try experiment.loadBackbone().depth
            state.facts.insert(.modelLoaded)
        }
        if let data = specification.data {
            state.properties[.trainingClasses] = try experiment.loadData().trainClasses
            state.facts.insert(.dataLoaded)
            if data.validation > 0 { state.facts.insert(.validationHeldOut) }
        }
    }
}
