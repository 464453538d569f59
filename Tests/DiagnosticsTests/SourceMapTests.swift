import Diagnostics
import Testing

struct SourceMapTests {
    @Test func findsLinesAndColumns() {
        let file = SourceFile(name: "a.vps", text: Array("ab\r\n\né=1\n".utf8))
        #expect(file.lineCount == 4)
        #expect([0, 2, 3, 4, 5, 9, 10, 99].map(file.line(of:)) == [1, 1, 1, 2, 3, 3, 4, 4])
        #expect(file.column(of: 0) == 1)
        #expect(file.column(of: 5) == 1)
        #expect(file.column(of: 7) == 2)  // after é, which takes two bytes
        #expect(file.bounds(ofLine: 1) == 0..<2)
        #expect(file.bounds(ofLine: 2) == 4..<4)
        #expect(file.bounds(ofLine: 9).isEmpty)
    }

    @Test func columnsOfLongLinesAreCountedInCharacters() {
        // Lines with milestones inside, of one byte a character and of more, and short ones between them.
        let piece = "é 犬 e\u{301} \u{1F469}\u{200D}\u{1F680} a=1 "
        let line = String(repeating: "ab=12 ", count: 5_000) + String(repeating: piece, count: 3_000)
        let text = Array((line + "\n\r\n" + line).utf8)
        let file = SourceFile(name: "a.vps", text: text)
        for start in [0, line.utf8.count + 3] {
            var (offset, column) = (start, 1)
            for (number, character) in line.enumerated() {
                if number % 977 == 0 || number < 3 { #expect(file.column(of: offset) == column) }
                offset += character.utf8.count
                column += 1
            }
            #expect(file.column(of: offset) == column)
        }
        #expect(file.column(of: line.utf8.count + 1) == 1)
    }

    @Test func keepsFilesApart() {
        var map = SourceMap()
        #expect(map.add(name: "a.vps", text: Array("let x = 1".utf8)) == 0)
        #expect(map.add(name: "b.vps", text: Array("\nprint $x".utf8)) == 1)
        let span = SourceSpan(file: 1, lower: 7, upper: 9)
        #expect(map.text(of: span) == "$x")
        #expect(map.place(of: span) == "b.vps:2:7")
        #expect(map[2] == nil)
        #expect(map.place(of: SourceSpan(file: -1, lower: 0, upper: 0)) == nil)
    }

    @Test func joinsSpans() {
        let left = SourceSpan(file: 0, lower: 3, upper: 5)
        #expect(left.union(SourceSpan(file: 0, lower: 9, upper: 12)) == SourceSpan(file: 0, lower: 3, upper: 12))
        #expect(left.union(SourceSpan(file: 1, lower: 0, upper: 1)) == left)
        #expect(SourceSpan(file: 0, lower: 4, upper: 1).upper == 4)
    }
}
