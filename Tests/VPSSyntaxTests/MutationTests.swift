import Foundation
import ScriptFuzzing
import Testing
import VPSSyntax

/// Damaged scripts are answered with diagnostics inside the text, and what is understood prints again.
struct MutationTests {
    private static let snippets = [
        "{", "}", "(", ")", "[", "]", "\"", "\\", "\n", "->", "..", "$", "=", ",", ";", "#", "-", "1e999", "99999999999999999999",
        "if ", "else ", "for ", "def ", "let ", "not ", " by ", "\"{", ":", "é", "\u{0}", "\r", "0x1F", "4Gb", "vps 2",
    ]

    private func mutated(_ original: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var text = original
        for _ in 0...random.below(6) {
            let place = random.below(text.count + 1)
            let end = min(text.count, place + random.below(12))
            switch random.below(5) {
            case 0: text.removeSubrange(place..<end)
            case 1: text.insert(contentsOf: Self.snippets[random.below(Self.snippets.count)].utf8, at: place)
            case 2: text.insert(contentsOf: text[place..<end], at: random.below(text.count + 1))
            case 3 where place < text.count: text[place] = UInt8(truncatingIfNeeded: random.next())
            default: text = Array(text.prefix(max(place, text.count / 2)))
            }
        }
        return text
    }

    @Test func neverTraps() {
        var random = SeededGenerator(seed: 42)
        let original = Array(sampleScript.utf8)
        var rejected = 0
        for _ in 0..<4_000 {
            let text = mutated(original, &random)
            let result = Parser.parse(text, file: 0)
            for diagnostic in result.diagnostics {
                guard let span = diagnostic.span else {
                    Issue.record("no span: \(diagnostic)")
                    continue
                }
                #expect(span.lower >= 0 && span.upper <= text.count + 1)
            }
            let printed = Printer.print(result.script)
            if result.diagnostics.isEmpty {
                #expect(Parser.parse(Array(printed.utf8), file: 0).script == result.script)
            } else {
                rejected += 1
            }
            if result.isIncomplete { #expect(!result.diagnostics.isEmpty) }
        }
        #expect(rejected > 2_000)
    }

    @Test func neverTrapsOnNoise() {
        var random = SeededGenerator(seed: 43)
        for _ in 0..<3_000 {
            let pieces = (0..<random.below(40)).map { _ in Self.snippets[random.below(Self.snippets.count)] }
            let text = pieces.joined(separator: random.chance(0.5) ? " " : "")
            _ = Printer.print(parse(text).script)
            _ = Parser.parseValue(Array(text.utf8), file: 0)
        }
    }
}
