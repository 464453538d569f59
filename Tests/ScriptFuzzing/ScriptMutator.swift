import CommandCatalog
import CommandSchema
import VPSSyntax

/// Changes scripts by the piece rather than by the byte: words, numbers, brackets and lines go, come, double and change places.
public struct ScriptMutator {
    /// Words of the language and of the catalogue, and what is hard to read.
    public static let vocabulary: [String] = {
        var words = Parser.statementWords + Parser.reservedWords
        for command in Catalog.commands {
            words.append(command.name)
            for option in command.positionals + command.options {
                words += [option.name + "=", option.good, option.bad] + option.kind.choices.map(\.word)
            }
        }
        let seen = Set(words)
        return seen.sorted() + [
            "{", "}", "(", ")", "[", "]", "\"", "\\", "\\\n", "\n", ";", "#", "->", "..", "$", "=", ",", "-", "+", "*", "/", "%", "^", "==",
            "!=", "<", "<=", ">", ">=", ":", ":.3", ":>8", "\"{", "}\"", "\u{0}", "\r\n", "\t", "é", "犬", "\u{301}", "\u{FEFF}", "0", "1",
            "-1", "1e999", "1e-320", "9223372036854775807", "9223372036854775808", "0x1F", "1_0", "4GiB", "30min", "1..3", "1..9 by 2",
            "range(", "len(", "log(", "sqrt(", "min(", "max(", "mean(", "std(", "round(", "uniform(", "loguniform(", "$x", "$x.y",
            "$r.recall@1", "a.vps", "s.vps", "birds", "helper",
        ]
    }()

    private var random: SeededGenerator

    public init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    /// - Parameter other: where pieces are taken from besides the vocabulary.
    public mutating func mutated(_ text: [UInt8], with other: [UInt8] = []) -> [UInt8] {
        var pieces = Self.pieces(text)
        let others = Self.pieces(other)
        for _ in 0...random.below(4) {
            let place = random.below(pieces.count + 1)
            let end = min(pieces.count, place + 1 + random.below(random.chance(0.2) ? 40 : 3))
            switch random.below(7) {
            case 0 where place < end: pieces.removeSubrange(place..<end)
            case 1 where place < end: pieces.insert(contentsOf: pieces[place..<end], at: random.below(pieces.count + 1))
            case 2 where place < end:
                let moved = Array(pieces[place..<end])
                pieces.removeSubrange(place..<end)
                pieces.insert(contentsOf: moved, at: random.below(pieces.count + 1))
            case 3 where place < pieces.count: pieces[place] = word()
            case 4 where !others.isEmpty:
                let from = random.below(others.count)
                let until = min(others.count, from + 1 + random.below(30))
                pieces.insert(contentsOf: others[from..<until], at: place)
            case 5 where place < end:
                // One thing many times: deep, long or both.
                let piece = Array(pieces[place..<end])
                for _ in 0..<random.below(30) { pieces.insert(contentsOf: piece, at: place) }
            default: pieces.insert(word(), at: place)
            }
        }
        return Array(pieces.joined())
    }

    private mutating func word() -> [UInt8] {
        Array(Self.vocabulary[random.below(Self.vocabulary.count)].utf8)
    }

    /// Runs of letters and digits, runs of blanks, and single other bytes.
    private static func pieces(_ text: [UInt8]) -> [[UInt8]] {
        func kind(_ byte: UInt8) -> Int? {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F, 0x80...: 0
            case 0x20, 0x09: 1
            default: nil
            }
        }
        var pieces: [[UInt8]] = []
        var last: Int?
        for byte in text {
            let now = kind(byte)
            if let now, now == last { pieces[pieces.count - 1].append(byte) } else { pieces.append([byte]) }
            last = now
        }
        return pieces
    }
}
