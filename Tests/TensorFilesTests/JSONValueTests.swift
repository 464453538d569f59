import Testing
import TensorFiles

@Suite struct JSONValueTests {
    private func parse(_ text: String) throws -> JSONValue { try JSONValue.parse(Array(text.utf8)) }

    @Test func values() throws {
        #expect(try parse(" [1, -2.5e1, true, null, \"a\\u00e9\\ud83d\\ude00\\n\", {\"k\": []}] ") == .array([
            .integer(1), .number(-25), .bool(true), .null, .string("aé😀\n"), .object(["k": .array([])]),
        ]))
        #expect(try parse("9223372036854775807").integer == .max)
        #expect(try parse("3").number == 3)
    }

    @Test(arguments: [
        "", "[", "{", "[1,]", "{\"a\":1,}", "{\"a\":1 \"b\":2}", "{\"a\":1,\"a\":2}", "01", "-", "1.", "1e", "+1", ".5", "NaN", "Infinity", "1e999", "tru", "\"", "\"\\x\"",
        "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\\u+123\"", "\"\\u12\"", "\"\u{1}\"", "1 2", "9223372036854775808", "{1:2}",
    ]) func malformed(_ text: String) {
        #expect(throws: JSONError.self) { try parse(text) }
    }

    @Test func deepNestingIsAnErrorNotAnOverflow() {
        #expect(throws: JSONError.self) { try parse(String(repeating: "[", count: 1_000_000)) }
        #expect(throws: JSONError.self) { try JSONValue.parse([0x22, 0xFF, 0x22]) }
    }

    @Test func quotedTextReadsBack() throws {
        for text in ["", "\"\\/\u{0}\u{1F}\u{7F}", "日本\u{2028}", "a\tb\r\n"] { #expect(try parse(quotedJSON(text)).string == text) }
    }
}
