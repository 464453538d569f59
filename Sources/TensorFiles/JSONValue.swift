/// A JSON text as a value. Stricter than Foundation's reader where that matters for headers that may lie:
/// a key given twice is an error, whole numbers stay whole, and nesting is bounded.
package enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    package var integer: Int? { if case .integer(let value) = self { value } else { nil } }
    /// A number, whole or not.
    package var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }
    package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    package var string: String? { if case .string(let value) = self { value } else { nil } }
    package var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
    package var object: [String: JSONValue]? { if case .object(let value) = self { value } else { nil } }
    /// An array of whole numbers.
    package var integers: [Int]? {
        guard let array else { return nil }
        let values = array.compactMap(\.integer)
        return values.count == array.count ? values : nil
    }
}

/// Where a text stops being JSON.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    package let offset: Int
    package let message: String
    package var description: String { "not valid JSON at byte \(offset): \(message)" }
}

/// `text` as the quoted JSON string that readers give back.
package func quotedJSON(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": quoted += "\\\""
        case "\\": quoted += "\\\\"
        case "\n": quoted += "\\n"
        case "\r": quoted += "\\r"
        case "\t": quoted += "\\t"
        case ..<" ":
            let digits = String(scalar.value, radix: 16)
            quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: quoted.unicodeScalars.append(scalar)
        }
    }
    return quoted + "\""
}
