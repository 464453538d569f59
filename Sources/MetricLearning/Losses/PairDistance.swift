/// The Euclidean distance of two unit rows from their cosine, and its slope by the cosine.
///
/// Below a thousandth f32 cannot tell a distance from none, and the slope, infinite at zero, counts as zero.
func unitDistance(cosine: Double) -> (value: Double, slope: Double) {
    let square = max(2 - 2 * cosine, 0)
    guard square > 1e-6 else { return (0, 0) }
    let distance = square.squareRoot()
    return (distance, -1 / distance)
}
