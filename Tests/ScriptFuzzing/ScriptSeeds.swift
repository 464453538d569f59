import CommandCatalog
import CommandSchema
import Foundation

/// Where fuzzing starts from.
public enum ScriptSeeds {
    /// Inputs that were kept: each once broke a property or took long, or reaches code that the others do not.
    public static func corpus() throws -> [(name: String, text: [UInt8])] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Corpus")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().filter { !$0.hasPrefix(".") }.map {
            ($0, [UInt8](try Data(contentsOf: folder.appending(path: $0))))
        }
    }

    /// Every example of the catalogue, and every option once with its good and once with its bad value.
    public static func catalog() -> [[UInt8]] {
        var texts = (Catalog.commands.flatMap(\.examples) + Catalog.languageTopics.flatMap(\.examples)).map(\.script)
        for command in Catalog.commands {
            for option in command.positionals + command.options {
                for value in [option.good, option.bad] { texts.append("\(command.name) \(option.name)=\(value) -> r\nprint $r") }
            }
        }
        return texts.map { Array($0.utf8) }
    }

    /// Random sentences of the grammar.
    public static func sentences(_ count: Int, seed: UInt64, deepest: Int = 24) throws -> [[UInt8]] {
        var generator = SentenceGenerator(grammar: try EBNF.vps(), seed: seed, deepest: deepest)
        return (0..<count).map { _ in Array(generator.sentence(of: "script").utf8) }
    }
}
