import TensorEngine
import Testing
import VectorKernels

/// Products in f32 by matrix tiles of integers, where the processor has them: against sums in double precision, and what follows from the sums being exact.
@Suite struct DigitProductTests {
    private static let sizes = [
        ProductSize(m: 1, k: 1, n: 1), ProductSize(m: 5, k: 40, n: 33), ProductSize(m: 16, k: 64, n: 16), ProductSize(m: 17, k: 100, n: 100), ProductSize(m: 47, k: 200, n: 16),
        ProductSize(m: 64, k: 384, n: 64),
    ]
    private static var isThere: Bool {
        if Engine.hasMatrixTiles { return true }
        print("skipped: this processor has no matrix tiles")
        return false
    }

    /// c = a w (+ bias + residual)
    private func product(
        _ size: ProductSize, _ a: [Float], _ w: [Float], transposed: Bool = false, bias: [Float]? = nil, residual: [Float]? = nil
    ) -> [Float] {
        let (m, k, n) = (Int64(size.m), Int64(size.k), Int64(size.n))
        func memory(_ count: Int64) -> UnsafeMutableRawPointer { .allocate(byteCount: Int(count), alignment: 64) }
        let (laid, scratch) = (memory(vk_digit_weight_size(k, n)), memory(vk_digit_scratch(m, k)))
        defer {
            laid.deallocate()
            scratch.deallocate()
        }
        vk_lay_digit_weight(w, transposed ? 1 : 0, k, n, laid)
        var c = [Float](repeating: .nan, count: size.m * size.n)
        (bias ?? []).withUnsafeBufferPointer { some in
            (residual ?? []).withUnsafeBufferPointer { more in
                var product = vk_digit_product(m: m, k: k, n: n, bias: bias == nil ? nil : some.baseAddress, residual: residual == nil ? nil : more.baseAddress)
                vk_multiply_digits(&product, a, scratch, laid, &c)
            }
        }
        return c
    }

    private func exact(_ size: ProductSize, _ a: [Float], _ w: [Float]) -> [Double] {
        (0..<size.m * size.n).map { at in
            (0..<size.k).reduce(0) { $0 + Double(a[at / size.n * size.k + $1]) * Double(w[$1 * size.n + at % size.n]) }
        }
    }

    @Test(arguments: sizes) func sumsAreWhatTheyShouldBe(_ size: ProductSize) {
        guard Self.isThere else { return }
        let (m, k, n) = (size.m, size.k, size.n)
        let (a, w) = (random([m, k], "a").array(), random([k, n], "w").array())
        let (bias, residual) = (random([n], "bias").array(), random([m, n], "residual").array())
        for isTransposed in [false, true] {
            let weight = isTransposed ? (0..<n * k).map { w[$0 % k * n + $0 / k] } : w
            for isAdding in [false, true] {
                let wanted = exact(size, a, w).enumerated().map { isAdding ? $1 + Double(bias[$0 % n]) + Double(residual[$0]) : $1 }
                let found = product(size, a, weight, transposed: isTransposed, bias: isAdding ? bias : nil, residual: isAdding ? residual : nil)
                let largest = wanted.map(abs).max() ?? 1
                for (x, y) in zip(found, wanted) { #expect(abs(Double(x) - y) <= 2e-6 * largest) }
            }
        }
    }

    /// Whole numbers give whole numbers.
    @Test func smallIntegersAreExact() {
        guard Self.isThere else { return }
        let size = ProductSize(m: 19, k: 130, n: 21)
        let a = (0..<size.m * size.k).map { Float($0 * 37 % 201 - 100) }, w = (0..<size.k * size.n).map { Float($0 * 53 % 199 - 99) }
        #expect(product(size, a, w).map(Double.init) == exact(size, a, w))
    }

    @Test func theOrderOfASumIsNoMatter() {
        guard Self.isThere else { return }
        let size = ProductSize(m: 20, k: 150, n: 24)
        let (a, w) = (random([size.m, size.k], "a").array(), random([size.k, size.n], "w").array())
        let order = (0..<size.k).map { $0 * 77 % size.k }
        let others = (
            (0..<size.m * size.k).map { a[$0 / size.k * size.k + order[$0 % size.k]] },
            (0..<size.k * size.n).map { w[order[$0 / size.n] * size.n + $0 % size.n] }
        )
        #expect(Set(order).count == size.k)
        #expect(product(size, a, w) == product(size, others.0, others.1))
    }

    /// Every row of activations, and every column of a weight, is as exact as if it were alone.
    @Test func eachRowAndColumnHasItsOwnScale() {
        guard Self.isThere else { return }
        let size = ProductSize(m: 8, k: 70, n: 20)
        var (a, w) = (random([size.m, size.k], "a").array(), random([size.k, size.n], "w").array())
        for i in a.indices { a[i] *= [1, 1e-30, 1e30, 1e-12, 3, 1e-38, 0, 1e20][i / size.k] }
        for i in w.indices { w[i] *= [1, 1e-6, 1e6, 7][i % size.n % 4] }
        for (at, (found, wanted)) in zip(product(size, a, w), exact(size, a, w)).enumerated() {
            let (row, column) = (at / size.n, at % size.n)
            let largest = (0..<size.k).map { abs(Double(a[row * size.k + $0])) }.max() ?? 0, of = (0..<size.k).map { abs(Double(w[$0 * size.n + column])) }.max() ?? 0
            // Below 2^-119 a value is rounded to zero.
            #expect(abs(Double(found) - wanted) <= 1e-5 * largest * of + 2e-36 * Double(size.k) * of, "\(row), \(column)")
        }
    }

    /// A network that has broken is not mended.
    @Test(arguments: [Float.nan, .infinity, -.infinity]) func whatIsNoNumberStays(_ value: Float) {
        guard Self.isThere else { return }
        let size = ProductSize(m: 3, k: 65, n: 17)
        var (a, w) = (random([size.m, size.k], "a").array(), random([size.k, size.n], "w").array())
        a[1 * size.k + 64] = value
        w[2 * size.n + 16] = value
        for (at, found) in product(size, a, w).enumerated() { #expect(found.isNaN == (at / size.n == 1 || at % size.n == 16), "\(at)") }
    }

    /// The longest sum of the largest digits stays within 32 bits.
    @Test func noSumIsTooLarge() throws {
        guard Self.isThere else { return }
        let size = ProductSize(m: 2, k: DigitWeight.largestSum, n: 2)
        // Digits 126, -128, -128: nearly the largest, and both others as large as they come.
        let value = Float(126 * 65_536 - 128 * 256 - 128)
        for sign in [Float(1), -1] {
            let a = [Float](repeating: value, count: size.m * size.k), w = [Float](repeating: sign * value, count: size.k * size.n)
            let wanted = Double(value) * Double(value) * Double(sign) * Double(size.k)
            for found in product(size, a, w) { #expect(abs(Double(found) - wanted) <= 2e-6 * abs(wanted)) }
        }
    }

    /// A longer one is OpenBLAS's, byte for byte.
    @Test func aLongerSumIsOpenBLASs() throws {
        guard Self.isThere else { return }
        func y(_ library: ProductLibrary) throws -> [Float] {
            let k = DigitWeight.largestSum + 64
            let tape = Tape(engine: try Engine(threads: 1, library: library), recording: false)
            return try tape.linear(tape.constant(random([2, k], "x")), weight: tape.parameter(Parameter(name: "w", value: random([3, k], "w"))), bias: nil).value.array()
        }
        #expect(try y(.tiles) == y(.openblas))
    }
}
