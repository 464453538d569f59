import Foundation
import Synchronization

/// Float buffers, 64-byte aligned, handed out again when their last tensor goes: a training step allocates nothing that the step before had.
public final class StoragePool: Sendable {
    public static let shared = StoragePool()

    private struct Shelves {
        var free: [Int: [UInt]] = [:]
        var heldBytes = 0
        var liveBytes = 0
        var peakBytes = 0
        var lending = 1

        /// A free buffer of that capacity; while larger ones are lent, the smallest of those.
        mutating func reuse(_ capacity: Int) -> (address: UInt, capacity: Int)? {
            if let address = free[capacity]?.popLast() { return (address, capacity) }
            guard lending > 1 else { return nil }
            let largest = lending * capacity
            guard let larger = free.filter({ capacity < $0.key && $0.key <= largest && !$0.value.isEmpty }).keys.min() else { return nil }
            return free[larger]?.popLast().map { ($0, larger) }
        }
    }

    private let shelves = Mutex(Shelves())

    /// Bytes in tensors that are alive.
    public var liveBytes: Int { shelves.withLock { $0.liveBytes } }
    /// The largest `liveBytes` since the start or the last `resetPeak`.
    public var peakBytes: Int { shelves.withLock { $0.peakBytes } }

    public func resetPeak() {
        shelves.withLock { $0.peakBytes = $0.liveBytes }
    }

    /// From here on a tensor for which there is no free buffer of its size is given one of up to `factor` times that: what a short run of the
    /// same work needs lies free in the buffers of the long runs. 1, as at the start: none.
    public func lendLarger(upTo factor: Int) { shelves.withLock { $0.lending = factor } }

    /// Gives buffers that no tensor uses back to the system; call between phases whose shapes differ.
    public func trim() {
        let unused = shelves.withLock { shelves in
            defer {
                shelves.free = [:]
                shelves.heldBytes = 0
            }
            return shelves.free
        }
        for (capacity, addresses) in unused {
            for address in addresses { Self.release(UnsafeMutableRawPointer(bitPattern: address), bytes: capacity * 4) }
        }
    }

    /// From here on a buffer has pages of its own, which go back to the system when it goes; in the heap, between others, they would stay.
    private static let ownPages = 1 << 20

    private static func allocate(bytes: Int) -> UnsafeMutableRawPointer? {
        if bytes >= ownPages {
            let mapped = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
            return mapped == MAP_FAILED ? nil : mapped
        }
        var raw: UnsafeMutableRawPointer?
        return posix_memalign(&raw, 64, bytes) == 0 ? raw : nil
    }

    private static func release(_ pointer: UnsafeMutableRawPointer?, bytes: Int) {
        guard let pointer else { return }
        if bytes >= ownPages { munmap(pointer, bytes) } else { free(pointer) }
    }

    /// Sizes are rounded up to whole cache lines so that near-equal shapes share buffers.
    static func capacity(for count: Int) -> Int { (max(count, 1) + 15) & ~15 }

    /// A buffer for `count` values, and its capacity, with which it is given back.
    func take(_ count: Int) -> (pointer: UnsafeMutablePointer<Float>, capacity: Int) {
        let wanted = Self.capacity(for: count)
        let (reused, capacity) = shelves.withLock { shelves -> (UInt?, Int) in
            let found = shelves.reuse(wanted)
            let capacity = found?.capacity ?? wanted
            shelves.liveBytes += capacity * 4
            shelves.peakBytes = max(shelves.peakBytes, shelves.liveBytes)
            if found != nil { shelves.heldBytes -= capacity * 4 }
            return (found?.address, capacity)
        }
        if let reused, let pointer = UnsafeMutableRawPointer(bitPattern: reused) {
            return (pointer.assumingMemoryBound(to: Float.self), capacity)
        }
        var raw = Self.allocate(bytes: capacity * 4)
        if raw == nil {
            trim()
            raw = Self.allocate(bytes: capacity * 4)
        }
        // Sizes are checked against memory before work starts; when the system still has none there is nothing to go on with.
        guard let raw else { fatalError("out of memory: \(capacity * 4) bytes for a tensor") }
        return (raw.bindMemory(to: Float.self, capacity: capacity), capacity)
    }

    func give(_ pointer: UnsafeMutablePointer<Float>, capacity: Int) {
        let address = UInt(bitPattern: pointer)
        shelves.withLock { shelves in
            shelves.liveBytes -= capacity * 4
            shelves.heldBytes += capacity * 4
            shelves.free[capacity, default: []].append(address)
        }
    }
}

final class Storage: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<Float>
    let count: Int
    private let capacity: Int

    init(_ count: Int) {
        self.count = count
        (pointer, capacity) = StoragePool.shared.take(count)
    }

    deinit { StoragePool.shared.give(pointer, capacity: capacity) }

    private let packed = Mutex<PackedWeights?>(nil)

    /// The layouts in which products read these values.
    func packs() -> PackedWeights {
        packed.withLock { packed in
            if let packed { return packed }
            let made = PackedWeights()
            packed = made
            return made
        }
    }

    func dropPacks() { packed.withLock { $0 = nil } }
}
