internal import MessagePassing
import TensorEngine
import VectorKernels

/// The gradients of a batch as the sum of its micro-batches', taken in a fixed binary tree: the last bits depend on the
/// number of micro-batches, and neither on the order in which they were computed nor on the process that computed them.
///
/// A node is a range of micro-batches. Its left half is the largest power of two below its length, so that of 2^k
/// micro-batches the tree is the even one, and processes that have 2^j neighbours each hold whole nodes.
struct GradientTree {
    /// A learning tensor, and the rows of its first axis that this batch's gradient may differ from zero in; nil for all.
    typealias Target = (parameter: Parameter, rows: [Int]?)

    let leaves: Int
    private let targets: [Target]
    private let engine: Engine
    /// One gradient a target; nil where the tensor had no part in the computation.
    private var nodes: [Range<Int>: [Tensor?]] = [:]

    init(leaves: Int, targets: [Target], engine: Engine) {
        (self.leaves, self.targets, self.engine) = (leaves, targets, engine)
    }

    /// Where a node of two or more leaves is cut.
    static func middle(of node: Range<Int>) -> Int {
        var left = 1
        while left * 2 < node.count { left *= 2 }
        return node.lowerBound + left
    }

    /// The largest nodes of the tree over `leaves` that lie within `range`, in order.
    static func nodes(within range: Range<Int>, of leaves: Int) -> [Range<Int>] {
        func found(_ node: Range<Int>) -> [Range<Int>] {
            guard node.overlaps(range) else { return [] }
            if node.clamped(to: range) == node { return [node] }
            let middle = middle(of: node)
            return found(node.lowerBound..<middle) + found(middle..<node.upperBound)
        }
        return leaves > 0 ? found(0..<leaves) : []
    }

    /// Takes the gradients that a micro-batch left in the parameters, which have none afterwards.
    mutating func take(leaf: Int) {
        var node = leaf..<leaf + 1
        var gradients = targets.map { target -> Tensor? in
            defer { target.parameter.gradient = nil }
            return target.parameter.gradient.map { Self.rows(target.rows, of: $0) }
        }
        while let (sibling, parent) = relatives(of: node), let other = nodes.removeValue(forKey: sibling) {
            gradients = zip(gradients, other).map { own, other in
                guard let own, let other else { return own ?? other }
                return sum(own, other)
            }
            node = parent
        }
        nodes[node] = gradients
    }

    /// The node that a node is added to, and what they make; nil for the whole tree.
    private func relatives(of node: Range<Int>) -> (sibling: Range<Int>, parent: Range<Int>)? {
        var parent = 0..<leaves
        while parent != node, parent.count > 1 {
            let middle = Self.middle(of: parent)
            let (left, right) = (parent.lowerBound..<middle, middle..<parent.upperBound)
            if left == node { return (right, parent) }
            if right == node { return (left, parent) }
            parent = node.lowerBound < middle ? left : right
        }
        return nil
    }

    /// Adds the whole sum to the parameters' gradients.
    /// - Parameter group: processes each of which holds its share of the leaves
    mutating func finish(_ group: ProcessGroup?) throws {
        if let group { try complete(group) }
        guard let sums = nodes[0..<leaves] else { return }
        for (target, value) in zip(targets, sums) {
            guard let value else { continue }
            let whole = Self.whole(value, rows: target.rows, shape: target.parameter.value.shape)
            target.parameter.gradient = target.parameter.gradient.map { sum($0, whole) } ?? whole
        }
    }

    // MARK: Over processes

    /// Each process adds up one slice of all values, from everyone's nodes, and all get all slices: 2 x (n - 1) / n of the
    /// gradients' bytes leave a process that has one node.
    private mutating func complete(_ group: ProcessGroup) throws {
        // The first process always has a micro-batch, so it knows which tensors have a gradient.
        let own = nodes
        let known = group.broadcast(own.first.map { $0.value.map { $0 == nil ? 0 : 1 } } ?? [])
        let used = zip(targets, known).filter { $0.1 == 1 }.map(\.0)
        let sizes = used.map { target in target.rows.map { $0.count * (target.parameter.value.count / max(target.parameter.value.shape[0], 1)) } ?? target.parameter.value.count }
        let length = sizes.reduce(0, +)
        let shares = (0..<group.count).map { Self.nodes(within: MicroBatchShare.range(of: leaves, rank: $0, count: group.count), of: leaves) }
        let slices = (0..<group.count).map { length * $0 / group.count..<length * ($0 + 1) / group.count }

        // One node behind the other, each cut by slices: first all that goes to process 0, then to process 1.
        let mine = shares[group.rank]
        let outgoing = Tensor(uninitialized: [max(mine.count * length, 1)])
        for (place, node) in mine.enumerated() {
            let flat = flattened(own[node] ?? [], length: length)
            for slice in slices {
                let start = mine.count * slice.lowerBound + place * slice.count
                (outgoing.pointer + start).update(from: flat.pointer + slice.lowerBound, count: slice.count)
            }
        }
        let size = slices[group.rank].count
        let incoming = Tensor(uninitialized: [max(shares.reduce(0) { $0 + $1.count } * size, 1)])
        try group.exchange(
            outgoing.pointer, counts: slices.map { $0.count * mine.count }, into: incoming.pointer, counts: shares.map { $0.count * size })

        let total = Tensor(uninitialized: [max(length, 1)])
        var parts: [Range<Int>: Tensor] = [:]
        for (place, node) in shares.joined().enumerated() where size > 0 { parts[node] = try incoming.rows(place * size..<(place + 1) * size) }
        if size > 0, let slice = added(0..<leaves, parts) {
            (total.pointer + slices[group.rank].lowerBound).update(from: slice.pointer, count: size)
        }
        try group.complete(total.pointer, ranges: slices)

        var (at, next) = (0, sizes.makeIterator())
        nodes = [0..<leaves: try zip(targets, known).map { target, isUsed in
            guard isUsed == 1, let size = next.next() else { return nil }
            defer { at += size }
            return try total.rows(at..<at + size).copy()
        }]
    }

    private func added(_ node: Range<Int>, _ parts: [Range<Int>: Tensor]) -> Tensor? {
        if let part = parts[node] { return part }
        guard node.count > 1 else { return nil }
        let middle = Self.middle(of: node)
        guard let left = added(node.lowerBound..<middle, parts), let right = added(middle..<node.upperBound, parts) else { return nil }
        return sum(left, right)
    }

    private func flattened(_ gradients: [Tensor?], length: Int) -> Tensor {
        let result = Tensor(uninitialized: [max(length, 1)])
        var at = 0
        for gradient in gradients.compactMap({ $0 }) {
            (result.pointer + at).update(from: gradient.pointer, count: gradient.count)
            at += gradient.count
        }
        return result
    }

    // MARK: Values

    private func sum(_ a: Tensor, _ b: Tensor) -> Tensor {
        // A fresh tensor: two parameters may share one gradient's storage.
        let result = a.copy()
        let (to, from, part) = (result.pointer, b.pointer, 1 << 15)
        engine.pool.run((result.count + part - 1) / part) { index in
            vk_add(to + index * part, from + index * part, Int64(min(part, result.count - index * part)))
        }
        return result
    }

    private static func rows(_ rows: [Int]?, of gradient: Tensor) -> Tensor {
        guard let rows, let extent = gradient.shape.first, extent > 0 else { return gradient }
        let size = gradient.count / extent
        let result = Tensor(uninitialized: [rows.count] + gradient.shape.dropFirst())
        for (to, from) in rows.enumerated() { (result.pointer + to * size).update(from: gradient.pointer + from * size, count: size) }
        return result
    }

    private static func whole(_ value: Tensor, rows: [Int]?, shape: [Int]) -> Tensor {
        guard let rows, let extent = shape.first, extent > 0 else { return (try? value.reshaped(shape)) ?? value }
        let result = Tensor(zeros: shape)
        let size = result.count / extent
        for (from, to) in rows.enumerated() { (result.pointer + to * size).update(from: value.pointer + from * size, count: size) }
        return result
    }
}
