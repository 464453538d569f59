internal import Experiments
internal import TensorFiles

/// All that a cell's figures depend on. Its hash names the cell: equal ones need to run only once.
public struct CellIdentity: Codable, Sendable {
    /// SHA-256 of the specification that the cell starts from, with the cell's seed.
    public var start: String
    /// SHA-256 of the weights' file and of the pictures that the cell starts from, where some are loaded.
    public var weights, data: String?
    /// SHA-256 of the trained model that the cell starts from, if any.
    public var model: String?
    /// SHA-256 of what the cell's own statements read, by the text of each statement that names a file.
    public var inputs: [String: String]
    /// The statements, all values in place, without what only prints.
    public var statements: String

    public init(start: String, weights: String?, data: String?, model: String?, inputs: [String: String], statements: String) {
        self.start = start
        self.weights = weights
        self.data = data
        self.model = model
        self.inputs = inputs
        self.statements = statements
    }

    public func hash() throws -> String { try SHA256.hash(bytes: JSONFile.encode(self)) }
}
