import Synchronization

/// Multiplications and additions in matrix products since the process began, however many instructions a precision spends on one.
///
/// What holds the engine to its promise of no wasted work: `vptsp-bench step` sets them beside what the method needs.
public enum ProductCount {
    private static let counted = Atomic<Int>(0)

    public static var operations: Int { counted.load(ordering: .relaxed) }

    static func add(_ m: Int, _ n: Int, _ k: Int) { counted.add(2 * m * n * k, ordering: .relaxed) }
}
