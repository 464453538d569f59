public import VPSAnalysis

/// Carries one command out. One file a handler in Commands/, one line in ``CommandHandlers/all``.
///
///     struct SeedHandler: CommandHandler {
///         static let name = "seed"
///
///         func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
///             session.experiment.specification.seed = UInt64(try arguments.integer("number"))
///             return nil
///         }
///     }
public protocol CommandHandler: Sendable {
    /// Of the declaration in the catalog.
    static var name: String { get }
    /// Of several processes that carry out one script (`mpirun`), whether all do this command, together; otherwise the first one does it
    /// alone and the others get what it returns. Settings are made by all. A command that trains, embeds or replaces the model at
    /// hand must be done by all.
    static var isDoneTogether: Bool { get }

    /// - Parameter arguments: checked; every value is known.
    /// - Returns: the record that `-> name` keeps; nil for a command that declares none.
    /// - Throws: ``Interrupted`` when it stopped because ``Session/shouldStop`` asked; any other error becomes a
    ///   diagnostic at the command.
    func run(_ arguments: BoundArguments, in session: Session) throws -> Value?
}

extension CommandHandler {
    public static var isDoneTogether: Bool { false }
}
