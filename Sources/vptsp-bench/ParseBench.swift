import ArgumentParser
import VPSAnalysis
import VPSSyntax
import Diagnostics

/// Parsing and checking of a long script.
struct ParseBench: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "parse", abstract: "Time to parse and check a script.")

    @Option(help: "lines, of a script with commands, expressions, branches and sweeps") var lines = 1_000
    @Option(help: "timed runs, after one that is not") var runs = 20

    struct Line: Encodable {
        let bench = "parse"
        let lines, bytes: Int
        let parseSeconds, parseAndCheckSeconds: Timing
        let peakMib: Int
    }

    func validate() throws {
        guard 1...10_000_000 ~= lines, 1...100_000 ~= runs else { throw ValidationError("--lines or --runs is out of range") }
    }

    func run() throws {
        let text = Array(Self.script(lines: lines).utf8)
        let checked = CheckedScript(text: text, name: "bench.vps")
        guard !checked.diagnostics.contains(where: { $0.severity == .error }) else {
            throw ValidationError("the script that is to be timed has errors: \(checked.diagnostics.prefix(3).map(\.message))")
        }
        let parse = Timing.of(runs: runs) { _ = Parser.parse(text, file: 0) }
        let both = Timing.of(runs: runs) { _ = CheckedScript(text: text, name: "bench.vps") }
        try printLine(Line(lines: lines, bytes: text.count, parseSeconds: parse, parseAndCheckSeconds: both, peakMib: ProcessUsage.peakMib))
    }

    /// Repetitions of what experiments consist of.
    private static func script(lines: Int) -> String {
        let head = ["vps 1", "load vit-nano", "data glyphs distorted"]
        let part = { (number: Int) in
            """
            # part \(number): a comment, as scripts have them
            let rate\(number) = 5e-3 * sqrt(\(number) + 1) / max(1, 2)
            seed \(number)
            prompts layers=6 n=10
            proxies gru alpha=0.5 layers=6 n=3
            loss proxy-anchor
            optim sgd lr=$rate\(number) proxy-lr=0.1 momentum=0.9
            schedule cosine epochs=50 min=1e-8
            if $rate\(number) > 0.01 and not (\(number) == 3) {
                print "rate {$rate\(number):.4}"
            }
            train epochs=1 batch=16 per-class=2 -> fit\(number)
            eval recall=[1, 2, 4, 8] map -> result\(number)
            assert $result\(number).recall@1 > 0 "part \(number) found nothing in {$fit\(number).minutes:.1} min"
            """.split(separator: "\n").map(String.init)
        }
        var text = head
        while text.count < lines { text += part(text.count) }
        return text.joined(separator: "\n") + "\n"
    }
}
