import ArgumentParser
import Experiments
import Interpreter
import Reporting

extension VPTSP {
    struct Compare: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say whether two runs differ by more than chance, query by query.",
            discussion: "Both must have been evaluated with `eval` on the same pictures. Paired bootstrap over queries, and McNemar's exact test."
        )

        @Argument(help: "Folder of a run, or its name under runs/.", completion: .directory)
        var first: String

        @Argument(help: "Folder of another one.", completion: .directory)
        var second: String

        @Option(help: "The K of Recall@K.")
        var recall = 1

        @Option(help: "Which images the queries were: \(EvaluationOptions.Part.allCases.map(\.rawValue).joined(separator: ", ")).")
        var on = EvaluationOptions.Part.test

        @Option(help: "What stood for an image: \(EmbeddingKind.allCases.map(\.rawValue).joined(separator: ", ")).")
        var embedding = EmbeddingKind.head

        @Option(help: "Share of the bootstrap that the interval holds.")
        var interval = 0.95

        @Flag(help: "Write the figures as JSON.")
        var json = false

        func validate() throws {
            guard recall >= 1 else { throw ValidationError("The K of Recall@K must be 1 or more.") }
            guard interval > 0, interval < 1 else { throw ValidationError("The interval must be above 0 and below 1.") }
        }

        func run() throws {
            do {
                let found = try Experiment().compare(
                    RunPath.resolved(first), RunPath.resolved(second), k: recall, part: on, embedding: embedding, interval: interval)
                let text = json ? String(decoding: try JSONFile.encode(found, pretty: true), as: UTF8.self) + "\n" : found.lines.map { $0 + "\n" }.joined()
                Terminal.standardOutput.write(text)
            } catch {
                throw failure(error)
            }
        }
    }
}

extension EvaluationOptions.Part: ExpressibleByArgument {}
extension EmbeddingKind: ExpressibleByArgument {}
