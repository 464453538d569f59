public import Experiments
import Reporting

extension PaperTable {
    /// The table in plain text, with what it rests on below.
    public func text(isUnicode: Bool) -> String { table.render(isUnicode: isUnicode) + "\n" + notes.map { $0 + "\n" }.joined() }

    /// The table in Markdown.
    public var markdown: String { table.renderMarkdown() + "\n" + notes.map { "- " + $0 + "\n" }.joined() }

    private var table: TextTable {
        var table = TextTable([
            TextTable.Column("method"), TextTable.Column("trained"), TextTable.Column("of backbone", unit: "%"), TextTable.Column("of 30.2 M", unit: "%"),
            TextTable.Column("paper", unit: "M"), TextTable.Column("memory", unit: "MiB", decimals: 0), TextTable.Column("paper", unit: "GB", decimals: 1),
            TextTable.Column("R@1", unit: "%"), TextTable.Column("paper", unit: "%", decimals: 1), TextTable.Column("MAP@R", unit: "%"),
            TextTable.Column("paper", unit: "%", decimals: 1), TextTable.Column("runs"),
        ])
        for row in rows { table.add(cells(of: row)) }
        return table
    }

    private func cells(of row: Row) -> [TextTable.Cell] {
        func number(_ value: Double?) -> TextTable.Cell { value.map { .number($0) } ?? .missing }
        func mean(_ values: [Double]) -> TextTable.Cell { values.isEmpty ? .missing : .spread(MeanSpread(values)) }
        let published = row.published
        return [
            .text(label(of: row)), row.trained.map { .count($0) } ?? .missing, number(row.percentOfBackbone), number(row.percentOfPaper),
            number(published?.trained), mean(row.peakMemory.map { Double($0) / 1_048_576 }), number(published?.memory),
            mean(row.recall.map { $0 * 100 }), number(published?.recall), mean(row.meanAveragePrecision.map { $0 * 100 }),
            number(published?.meanAveragePrecision), row.runs.isEmpty ? .missing : .count(row.runs.count),
        ]
    }

    /// Rows that share a title are told apart by their data, their backbone, or their first run.
    private func label(of row: Row) -> String {
        guard !row.runs.isEmpty, rows.contains(where: { $0.title == row.title && $0.runs != row.runs && !$0.runs.isEmpty }) else { return row.title }
        return "\(row.title), \(row.runs[0])"
    }

    private var notes: [String] {
        let own = rows.filter { !$0.runs.isEmpty }
        let setups = own.map { "\($0.backbone) on \($0.data)" }.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        var notes = [
            "ours: \(setups.joined(separator: "; ")); test figures of the \(figure == .last ? "last epoch" : "epoch \(figure.title)"); mean ± standard deviation over runs that differ in the seed alone",
            "paper: Ren et al. 2024, table 1: ViT-S/16 on CUB-200-2011, trained on one GPU with activation checkpoints where it tunes adapters or prompts",
            "30.2 M is what the paper takes as 100 %: a ViT-S/16 counted with its classifier of 21,843 classes, which no method uses; without it the backbone has 21.67 M. BitFit rows of the paper count that classifier's 21,843 biases too",
            "memory: largest resident memory of the process while it trained, the program, the weights and cached pictures among it; the paper's is of a GPU",
        ]
        if figure == .best { notes.append("the epoch was chosen by the test classes themselves, which flatters the figure") }
        if own.contains(where: { $0.recall.count < $0.runs.count || $0.meanAveragePrecision.count < $0.runs.count }) {
            notes.append("a run without the figure does not count towards it; `eval map` after `restore`, or `train … evaluate=1`, measures it")
        }
        return notes + leftOut.map { "not in the table: \($0.run): \($0.reason)" }
    }
}
