public import CommandSchema

/// What checks know of a session: facts that hold, and figures.
///
/// After a branch that nobody can foresee, a fact that holds on either way counts as holding: a check complains only of
/// what must fail.
public struct SessionState: Hashable, Sendable {
    public var facts: Set<StateFact> = []
    /// Only those that are known. A session begins with semantic proxies, and a loss with one proxy a class.
    public var properties: [SessionProperty: Int] = [.semanticProxies: 1, .proxiesPerClass: 1]
    /// Files that commands wrote.
    var outputs: Set<String> = []
    var outputFolders: Set<String> = []

    public init() {}

    /// Everything holds and nothing is known: after a statement that could not be understood.
    public static var unforeseeable: SessionState {
        var state = SessionState()
        state.facts = Set(StateFact.allCases)
        state.properties = [:]
        return state
    }

    /// What holds after the command.
    public mutating func apply(_ arguments: BoundArguments) {
        let command = arguments.command
        facts.subtract(command.takes)
        facts.formUnion(command.gives)
        for given in arguments.given.values {
            facts.formUnion(given.option.gives)
            if given.option.kind.path?.role == .output, let path = given.value.string { outputs.insert(PathText.standardized(path)) }
        }
        for property in Set(command.properties.map(\.property)) {
            let sources = command.properties.filter { $0.property == property && $0.variant == arguments.variant }
            if let variant = arguments.variant, sources.contains(.kept(property, variant: variant)) { continue }
            properties[property] = sources.lazy.compactMap { Self.value(of: $0, in: arguments) }.first
        }
        if let folder = command.outputFolder { outputFolders.insert(folder) }
    }

    private static func value(of source: PropertySource, in arguments: BoundArguments) -> Int? {
        switch source {
        case .constant(_, _, let value): value
        case .option(_, _, let option): try? arguments.value(option)?.wholeNumber
        case .unknown, .kept: nil
        }
    }

    /// Whether an earlier command may have made what is at the path.
    func mayHaveWritten(_ path: String) -> Bool {
        let path = PathText.standardized(path)
        return outputs.contains(path) || outputFolders.contains { path == $0 || path.hasPrefix("\($0)/") }
    }

    func joined(with other: SessionState) -> SessionState {
        var result = self
        result.facts.formUnion(other.facts)
        result.properties = properties.filter { other.properties[$0.key] == $0.value }
        result.outputs.formUnion(other.outputs)
        result.outputFolders.formUnion(other.outputFolders)
        return result
    }
}
