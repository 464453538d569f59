/// Colours of series, told apart by people who see few colours as well as by lightness.
enum ChartPalette {
    /// On white.
    static let light = ["#2563eb", "#d9480f", "#0b8a5c", "#b4269a", "#6d4fd8", "#0b7f94", "#97700a", "#c92a4b"]
    /// On a dark ground.
    static let dark = ["#7aa7ff", "#ff9a62", "#45cf9c", "#ee7fd4", "#ab95ff", "#4fc9de", "#e0b94a", "#ff7d93"]

    static func index(_ color: Int) -> Int { ((color % light.count) + light.count) % light.count }

    /// Red, green, blue of `#rrggbb`.
    static func bytes(_ text: String) -> [UInt8] {
        let value = UInt32(text.dropFirst(), radix: 16) ?? 0
        return [UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255)]
    }
}
