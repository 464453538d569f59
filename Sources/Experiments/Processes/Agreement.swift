internal import Foundation
internal import MessagePassing
internal import TensorFiles

/// What several processes that carry out one script must have in common. They run the same statements on the same values,
/// so that what one of them alone can know (the time, a folder's name, what is on the first one's disk) is made by the first and given to all.
extension Experiment {
    /// Whether this process writes files and speaks.
    public var isFirstProcess: Bool { group?.isFirst ?? true }

    /// Whether this process works by itself.
    public var isAlone: Bool { group == nil }

    /// What the first process makes, or the error that it throws, on all.
    package func agreed<Value: Codable>(_ make: () throws -> Value) throws -> Value {
        guard let group else { return try make() }
        guard group.isFirst else {
            let answer = try JSONFile.decode(Answer<Value>.self, from: group.broadcast([]), name: "what the first process says")
            guard let value = answer.value else { throw answer.error }
            return value
        }
        do {
            let value = try make()
            _ = group.broadcast(try JSONFile.encode(Answer(value: value)))
            return value
        } catch {
            _ = group.broadcast(try JSONFile.encode(Answer<Value>(error: ExperimentError(agreeing: error))))
            throw error
        }
    }

    private struct Answer<Value: Codable>: Codable {
        var value: Value?
        var kind: String?
        var message: String?
        var help: [String]?

        init(value: Value) { self.value = value }

        init(error: ExperimentError) { (kind, message, help) = (error.kind.rawValue, error.message, error.help) }

        var error: ExperimentError { ExperimentError(kind.flatMap(ExperimentError.Kind.init) ?? .running, message ?? "the first process failed", help: help ?? []) }
    }

    /// That all processes have the same of everything in `parts`.
    /// - Parameter parts: what it is, in words, and a text that is equal exactly when it is the same
    /// - Throws: ``ExperimentError`` on all, which names a process that has another one.
    package func requireAlike(_ parts: KeyValuePairs<String, String>) throws {
        guard let group else { return }
        let all = group.gather(try JSONFile.encode(parts.map(\.value) + [ProcessGroup.host]))
        let values = try all.map { try JSONFile.decode([String].self, from: $0, name: "what a process says") }
        for (place, part) in parts.enumerated() {
            guard let other = values.firstIndex(where: { $0[place] != values[0][place] }) else { continue }
            throw ExperimentError(
                .input, "process \(other) on \(values[other].last ?? "") has \(part.key) that differ from those of process 0 on \(values[0].last ?? "")",
                help: ["\(Self.shown(values[0][place])) on process 0, \(Self.shown(values[other][place])) on process \(other)", "give every machine the same program, script, weights and pictures"])
        }
    }

    /// That all processes are one program that has read one script.
    package func requireSameProgram(script: String) throws {
        guard group != nil else { return }
        try requireAlike(["scripts": SHA256.hash(bytes: Array(script.utf8)), "programs": ProgramIdentity.hash()])
    }

    /// Hashes by their beginning.
    private static func shown(_ text: String) -> String { text.count > 40 ? text.prefix(12) + "…" : text }

    /// Whether this process or another one wants to stop.
    package func isStopRequested(_ isRequested: Bool) -> Bool { group?.isRequestedBySomeone(isRequested) ?? isRequested }

    /// Does what this process alone does: nothing in it is shared with the others.
    package func alone<Result>(_ work: () throws -> Result) rethrows -> Result {
        guard let group else { return try work() }
        self.group = nil
        defer { self.group = group }
        return try group.alone(work)
    }

    /// What a run measured, from its folder, which only the first process needs to see.
    public func metrics(ofRun path: String) throws -> RunMetrics { try agreed { try RunFolder.open(path).metrics() } }
}

extension ExperimentError {
    fileprivate init(agreeing error: any Error) {
        self = error as? ExperimentError ?? ExperimentError(.running, describe(error))
    }
}
