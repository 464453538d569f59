import Diagnostics
import Testing
import VPSAnalysis

/// Scripts as people write them, with mistakes as people make them. `# expect CODE …` ends a line that has these, and
/// nothing else may be found.
@Suite struct PlantedMistakesTests {
    static let scripts = [
        // A paper's recipe typed in a hurry.
        """
        vps 1
        seed 0
        load vit-s16
        data glyphs
        promts layers=12 n=10  # expect VPS201
        proxies gru alpha=0,5  # expect VPS110
        optim sgd lr=5e-3 proxylr=0.1  # expect VPS203
        train epochs=15 batch=63  # expect VPS212
        """,
        // Options of the wrong variant, a flag given a value that it cannot have.
        """
        load vit-nano
        proxies mean norm=each  # expect VPS204
        data glyphs path="birds"  # expect VPS204
        eval map=yes  # expect VPS206
        """,
        // Units and numbers.
        """
        load vit-nano
        data glyphs validate=20%  # expect VPS114
        train epochs=1e1.5  # expect VPS108
        train epochs=1.5  # expect VPS206
        """,
        // Names.
        """
        param learning_rate = 1e-3
        let wd = 1e-4
        optim adamw lr=$learning-rate weight-decay=$wd  # expect VPS301
        """,
        // A variable without its `$`.
        """
        param alpha = 0.5 in 0..1
        load vit-nano
        proxies gru alpha=alpha  # expect VPS206
        print $alpha
        """,
        // A loop over results, with a field that the command gives only when asked.
        """
        load vit-nano
        data glyphs
        for n in [1, 2] {
          prompts n=$n
          train epochs=1 batch=16
          eval -> result
          print "{$n}: {$result.map@r:.3}"  # expect VPS302
        }
        """,
        // Python's and C's habits.
        """
        lr = 1e-3  # expect VPS110
        if 1 == 1 && true { seed 1 }  # expect VPS103
        print 'hello'  # expect VPS103
        """,
        // Shell's habits.
        """
        load vit-nano --weights far  # expect VPS110
        """,
        // A path that is not quoted, and one that is not there.
        """
        data folder path=birds/train  # expect VPS114
        load vit-nano
        data folder path="brids"  # expect VPS402
        """,
        // Too much for the network.
        """
        load vit-nano
        prompts layers=12 n=10  # expect VPS213
        data glyphs
        train batch=1000 per-class=2  # expect VPS213
        """,
        // What nobody loaded.
        """
        prompts n=5  # expect VPS401
        data glyphs
        train epochs=1
        """,
        // Measuring on what was not held out.
        """
        load vit-nano
        data glyphs
        eval on=validation  # expect VPS401
        """,
        // A def with its arguments wrong.
        """
        def trial(n, k=2) {
          load vit-nano
          data glyphs
          prompts n=$n
          train batch=12 per-class=$k epochs=1
        }
        trial  # expect VPS209
        trial 2 3 4  # expect VPS202
        trial 2 kk=4  # expect VPS203
        trial 2 n=3  # expect VPS205
        """,
        // Arithmetic.
        """
        let steps = [1, 2, 3]
        print mean($steps) / (len($steps) - 3)  # expect VPS307
        print sqrt(-1)  # expect VPS307
        print $steps + 1  # expect VPS306
        print max()  # expect VPS305
        """,
        // A sweep that asks for too little.
        """
        load vit-nano
        data glyphs
        sweep rates {
          vary lr in [1e-3, 1e-2, 1e-3]  # expect VPS605
          vary n in [5, 10]  # expect VPS605
          optim adamw lr=$lr
          train epochs=1 batch=16
          eval
        }
        """,
        // Settings that change nothing.
        """
        load vit-nano
        data glyphs
        prompts n=5  # expect VPS604
        method vptsp-g
        optim sgd lr=1e-2  # expect VPS604
        optim adamw lr=1e-4
        train epochs=1 batch=16
        quit
        eval  # expect VPS603
        """,
        // Names that mean two things.
        """
        let n = 3
        def trial(n) {  # expect VPS602
          print $n
        }
        trial 4
        for n in [1, 2] { print $n }  # expect VPS602
        print $n
        """,
        // Brackets.
        """
        let a = [1, 2  # expect VPS111
        let b = (3 + 4  # expect VPS111
        """,
        // An assertion that cannot hold, a parameter outside its range.
        """
        param share = 1.5 in 0..1  # expect VPS311 VPS601
        let n = 2
        assert $n > 3 "too few"  # expect VPS316
        """,
        // Braces, and a condition that is none.
        """
        let n = 3
        if $n { seed 1 }  # expect VPS308
        if $n > 2  # expect VPS110
        { seed 2 }  # expect VPS110
        """,
    ]

    @Test(arguments: scripts.indices) func everyMistakeIsNamedOnItsLine(_ index: Int) {
        let text = Self.scripts[index] + "\n"
        var expected: [String] = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let parts = line.components(at: "# expect ")
            expected += parts.dropFirst().flatMap { $0.split(separator: " ") }.map { "\(number + 1) \($0)" }
        }
        let checked = check(text, files: MemoryFiles(folders: ["birds"]))
        let found = checked.diagnostics.map { diagnostic in
            "\(diagnostic.span.flatMap { span in checked.sources[span.file].map { $0.line(of: span.lower) } } ?? 0) \(diagnostic.code)"
        }
        #expect(found.sorted() == expected.sorted(), "\(text)\(messages(text, files: MemoryFiles(folders: ["birds"])))")
    }
}

extension Substring {
    fileprivate func components(at separator: String) -> [Substring] {
        guard let range = firstRange(of: separator) else { return [self] }
        return [self[..<range.lowerBound], self[range.upperBound...]]
    }
}
