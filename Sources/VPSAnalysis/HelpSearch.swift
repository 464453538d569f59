import CommandCatalog
public import CommandSchema
import Diagnostics

/// Finds topics of `help` by words of their names and explanations, misspelt ones too.
public enum HelpSearch {
    /// A topic and how well it fits.
    private struct Match {
        var topic: String
        var summary: String
        var score: Int
    }

    /// Most topics that are shown.
    private static let most = 12

    /// - Returns: a table of the topics that fit every word, best first; or a line that says that there are none.
    public static func text(_ words: [String], commands: [CommandDeclaration] = Catalog.commands) -> String {
        let asked = words.flatMap { $0.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "@" }.map(String.init) }
        guard !asked.isEmpty else { return "help search WORDS: which words?\n" }
        return matches(asked, commands: commands)
            ?? "nothing is explained with \(alternatives(asked.map { "`\($0)`" }, conjunction: "and"))\n`help` lists the topics.\n"
    }

    /// The table; nil when nothing fits.
    static func matches(_ asked: [String], commands: [CommandDeclaration]) -> String? {
        var matches: [Match] = []
        for entry in entries(commands) {
            let scores = asked.map { score($0, entry) }
            guard let least = scores.min(), least > 0 else { continue }
            matches.append(Match(topic: entry.topic, summary: entry.summary, score: scores.reduce(0, +)))
        }
        guard !matches.isEmpty else { return nil }
        // `sort` is not promised to be stable; of equals the first in the reference comes first.
        let best = matches.enumerated().sorted { ($1.element.score, $0.offset) < ($0.element.score, $1.offset) }.prefix(most)
        let width = best.map(\.element.topic.count).max() ?? 0
        return best.map { match in
            let gap = String(repeating: " ", count: width - match.element.topic.count + 2)
            return match.element.topic + gap + match.element.summary + "\n"
        }.joined()
    }

    // MARK: Entries

    private struct Entry {
        /// As `help` takes it.
        var topic: String
        var summary: String
        /// Words of its name; of its summary; of everything that explains it.
        var names: [String], summaries: [String], explanations: [String]

        init(_ topic: String, _ summary: String, _ explanation: String = "") {
            self.topic = topic
            self.summary = summary
            names = Entry.words(topic)
            summaries = Entry.words(summary)
            explanations = Entry.words(explanation)
        }

        private static func words(_ text: String) -> [String] {
            text.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "@" }.map(String.init)
        }
    }

    private static func entries(_ commands: [CommandDeclaration]) -> [Entry] {
        var entries: [Entry] = []
        for command in commands {
            entries.append(Entry(command.name, command.summary, command.discussion))
            for option in command.positionals + command.options {
                let choices = option.kind.choices.map { "\($0.word) \($0.summary)" }.joined(separator: " ")
                entries.append(Entry("\(command.name).\(option.name)", option.summary, choices))
            }
        }
        entries += Catalog.languageTopics.map { Entry($0.name, $0.summary, $0.discussion) }
        entries += BuiltinFunction.all.map { Entry($0.name, $0.summary) }
        return entries
    }

    /// 0 when the word fits nothing; names count most, beginnings less than whole words, misspellings least.
    private static func score(_ word: String, _ entry: Entry) -> Int {
        if word == entry.topic { return 20 }
        let places = [(entry.names, 12), (entry.summaries, 6), (entry.explanations, 3)]
        for (words, weight) in places where words.contains(word) { return weight }
        for (words, weight) in places where word.count >= 3 && words.contains(where: { $0.hasPrefix(word) }) { return weight - 1 }
        for (words, weight) in places where word.count >= 4 && closestMatch(to: word, among: words.filter { $0.count >= 4 }) != nil {
            return max(1, weight / 3)
        }
        return 0
    }
}
