import Foundation
import TensorEngine
import Testing
import VectorKernels

@Suite struct KernelTests {
    @Test func geluIsExact() throws {
        let xs = stride(from: Float(-12), through: 12, by: 0.01).map { $0 }
        let engine = try Engine(threads: 1)
        let tape = Tape(engine: engine)
        let one = try tape.constant(Tensor([1], shape: [1, 1]))
        let x = Parameter(name: "x", value: try Tensor(xs, shape: [xs.count, 1]), isTrainable: true)
        let y = try tape.linear(tape.parameter(x), weight: one, bias: nil, activation: .gelu)
        let values = y.value.array()
        try tape.backward(from: tape.sum(y))
        let slopes = try #require(x.gradient).array()
        for (i, x) in xs.map(Double.init).enumerated() {
            let cumulative = 0.5 * erfc(-x / 2.0.squareRoot())
            #expect(abs(Double(values[i]) - x * cumulative) < 1e-6 * max(1, abs(x)))
            #expect(abs(Double(slopes[i]) - (cumulative + x * exp(-x * x / 2) / (2 * Double.pi).squareRoot())) < 2e-6)
        }
    }

    /// As operands in bf16 have it: to what rounding leaves of the values and of the derivatives' 16 bits, beyond all bounds too.
    @Test func geluOfOperandsInBF16() throws {
        let xs = stride(from: Float(-12), through: 12, by: 0.01).map { $0 } + [-1e30, 1e30, -.infinity, .nan]
        var values = [UInt16](repeating: 0, count: xs.count)
        var slopes = values
        vk_gelu_operand(xs, 1, Int64(xs.count), 0, 1, &values, &slopes, nil)
        let found = values.map { Float(bitPattern: UInt32($0) << 16) }
        for (i, x) in xs.dropLast(4).map(Double.init).enumerated() {
            let cumulative = 0.5 * erfc(-x / 2.0.squareRoot())
            #expect(abs(Double(found[i]) - x * cumulative) < 1e-4 + abs(x * cumulative) / 256)
            let slope = (Double(slopes[i]) - 32_768) * 1.5 / 65_535 + 0.5
            #expect(abs(slope - (cumulative + x * exp(-x * x / 2) / (2 * Double.pi).squareRoot())) < 4e-4)
        }
        let far = Array(found.suffix(4))
        #expect(abs(far[0]) < 1e-4 && abs(far[2]) < 1e-4)
        #expect(abs(far[1] / 1e30 - 1) < 0.01 && far[3].isNaN)
    }

    @Test func storageIsReused() throws {
        let before = StoragePool.shared.liveBytes
        do {
            let tensor = Tensor(zeros: [1000])
            #expect(StoragePool.shared.liveBytes >= before + 4000)
            #expect(tensor.array().allSatisfy { $0 == 0 })
        }
        #expect(StoragePool.shared.liveBytes == before)
    }

    /// While larger buffers are lent, what lies free is taken, up to the factor and no smaller than asked for.
    @Test func largerBuffersAreLent() {
        let pool = StoragePool.shared
        defer { pool.lendLarger(upTo: 1) }
        func taken(_ count: Int) -> Int {
            let before = pool.liveBytes
            return withExtendedLifetime(Tensor(zeros: [count])) { pool.liveBytes - before }
        }
        pool.trim()
        #expect(taken(1600) == 6400)
        #expect(taken(800) == 3200)
        pool.trim()
        #expect(taken(1600) == 6400)
        pool.lendLarger(upTo: 2)
        #expect(taken(800) == 6400)
        #expect(taken(784) == 3136)
        #expect(taken(1616) == 6464)
    }

    @Test func finiteOrNot() throws {
        #expect(try Tensor([1, -2, 3e38], shape: [3]).isFinite)
        #expect(try !Tensor([1, .nan], shape: [2]).isFinite)
        #expect(try !Tensor([1, -.infinity], shape: [2]).isFinite)
    }
}
