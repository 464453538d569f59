import TensorEngine
import TensorFiles

extension SafeTensorsFile {
    /// The names that start with `prefix`, without it.
    func names(after prefix: String) -> [String] { names.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) } }

    /// A tensor for the engine; none of its extents is 0.
    /// - Throws: `CaseFault.malformed` for an empty one.
    func tensor(_ name: String) throws -> Tensor {
        let array = try array(name)
        guard !array.values.isEmpty else { throw CaseFault.malformed("tensor `\(name)` is empty: its shape is \(array.shape)") }
        return try Tensor(array.values, shape: array.shape)
    }

    /// Class numbers, one for each of `count` items.
    func labels(_ name: String, count: Int? = nil) throws -> [Int] {
        let labels = try integers(name)
        guard labels.shape.count == 1, count == nil || labels.values.count == count else {
            throw CaseFault.malformed("tensor `\(name)` has shape \(labels.shape); expected \(count.map { "[\($0)]" } ?? "one axis")")
        }
        return try labels.values.map { value in
            guard let label = Int(exactly: value), label >= 0 else { throw CaseFault.malformed("tensor `\(name)` holds \(value); expected 0 or more") }
            return label
        }
    }

    /// Demands a tensor's shape before anything of that size is made.
    func require(_ name: String, _ shape: [Int]) throws {
        guard let entry = entry(name) else { throw CaseFault.malformed("tensor `\(name)` of shape \(shape) is missing") }
        guard entry.shape == shape else { throw CaseFault.malformed("tensor `\(name)` has shape \(entry.shape); the settings ask for \(shape)") }
    }
}
