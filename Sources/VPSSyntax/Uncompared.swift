/// A stored property that takes no part in equality: where a node stands and how a number was spelled
/// do not make two trees different.
@propertyWrapper
public struct Uncompared<Value: Sendable>: Hashable, Sendable {
    public var wrappedValue: Value

    public init(wrappedValue: Value) {
        self.wrappedValue = wrappedValue
    }

    public static func == (left: Self, right: Self) -> Bool { true }

    public func hash(into hasher: inout Hasher) {}
}
