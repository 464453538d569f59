import TensorEngine

extension Tape {
    /// The mean of the parts' values that are above zero; 0 when none is.
    ///
    /// A part is called twice: to see whether its value is above zero, with weight 0, and, if it is, for its slopes times the weight.
    func meanOfPositive(over matrix: Variable, parts: Int, _ part: (_ index: Int, Slope, _ weight: Double) -> Double) throws -> Variable {
        var values = [Double](repeating: 0, count: parts)
        values.withUnsafeMutableBufferPointer { values in
            let places = values
            let nowhere = Tensor(zeros: matrix.shape)
            let view = Slope(values: matrix.value.pointer, slopes: nowhere.pointer, rows: matrix.shape[0], columns: matrix.shape[1])
            engine.pool.run(parts) { places[$0] = part($0, view, 0) }
        }
        let count = values.count { $0 > 0 }
        let weight = 1 / Double(max(count, 1))
        return try loss(over: matrix, parts: parts) { index, slope in
            values[index] > 0 ? weight * part(index, slope, weight) : 0
        }
    }
}
