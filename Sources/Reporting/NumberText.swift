internal import Glibc

/// Numbers as text, the same in every locale.
public enum NumberText {
    /// `value` with so many digits after the point, 0 to 17.
    public static func fixed(_ value: Double, decimals: Int) -> String {
        guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
        let digits = Int32(min(max(decimals, 0), 17))
        // The longest Double has 309 digits before the point.
        var buffer = [CChar](repeating: 0, count: 352)
        let length = withVaList([digits, value]) { vsnprintf(&buffer, buffer.count, "%.*f", $0) }
        return String(decoding: buffer.prefix(Int(max(length, 0))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Three significant digits or so: `0.0123`, `1.23`, `12.3`, `123`, `12345`.
    public static func brief(_ value: Double) -> String {
        let size = abs(value)
        let decimals = size >= 99.95 || size == 0 ? 0 : size >= 9.995 ? 1 : size >= 0.9995 ? 2 : 4
        return fixed(value, decimals: decimals)
    }

    /// Whole number with thin grouping by commas: `21,852,672`.
    public static func grouped(_ value: Int) -> String {
        let digits = String(value.magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return value < 0 ? "-" + text : text
    }

    /// A duration: `0:42`, `4:05`, `1:02:03`.
    public static func clock(seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e9 else { return "-:--" }
        let whole = Int(max(0, seconds).rounded())
        let (minutes, second) = (whole / 60 % 60, whole % 60)
        let hours = whole / 3600
        let tail = (second < 10 ? "0" : "") + String(second)
        if hours == 0 { return "\(minutes):\(tail)" }
        return "\(hours):\(minutes < 10 ? "0" : "")\(minutes):\(tail)"
    }
}
