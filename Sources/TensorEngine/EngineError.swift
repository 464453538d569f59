/// An operation was given operands that it cannot take. Carries the operation and what the operands were.
public struct EngineError: Error, Equatable, CustomStringConvertible, Sendable {
    public let operation: String
    public let message: String

    public init(_ operation: String, _ message: String) {
        self.operation = operation
        self.message = message
    }

    public var description: String { "\(operation): \(message)" }
}

extension EngineError {
    /// `left` and `right` do not fit each other in `operation`.
    package static func shapes(_ operation: String, _ left: [Int], _ right: [Int], expected: String) -> EngineError {
        EngineError(operation, "shapes \(left) and \(right) do not fit; expected \(expected)")
    }
}
