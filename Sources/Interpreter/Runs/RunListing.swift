internal import Experiments
internal import Foundation
import Reporting
internal import RunStore
internal import Sweeps
import VPSAnalysis

/// Runs as a list shows them, in its order.
struct RunListing {
    var runs: [RunRecord]

    /// - Parameters:
    ///   - sort: a name of ``RunFields``; those without it come last. Nil puts the newest first.
    mutating func sort(by sort: String?, descending: Bool) {
        guard let sort else {
            runs.sort { ($0.started, $0.name) > ($1.started, $1.name) }
            return
        }
        let keyed = runs.map { (run: $0, key: RunFields(record: $0).value(sort)) }
        runs = keyed.enumerated().sorted { a, b in
            switch (a.element.key, b.element.key) {
            case (nil, nil): return a.offset < b.offset
            case (nil, _): return false
            case (_, nil): return true
            case (let x?, let y?):
                if let less = Self.isLess(x, y), let more = Self.isLess(y, x), less != more { return less != descending }
                return a.offset < b.offset
            }
        }.map(\.element.run)
    }

    /// Numbers before texts; nil for values that have no order.
    private static func isLess(_ a: Value, _ b: Value) -> Bool? {
        switch (a.double, b.double) {
        case (let x?, let y?): x < y
        case (.some, nil): true
        case (nil, .some): false
        case (nil, nil): a.description < b.description
        }
    }

    // MARK: Table

    private static let usual = ["loss", "recall@1", "map@r"]

    /// - Parameter extra: names of further columns.
    func table(extra: [String] = [], isUnicode: Bool) -> String {
        let figures = Self.usual.filter { name in runs.contains { $0.figure(name) != nil } }
        let more = extra.filter { !["name", "state", "method", "data", "seed", "started", "tag"].contains($0) && !figures.contains($0) }
        var table = TextTable(
            ["run", "state", "method", "data", "seed"].map { TextTable.Column($0) } + figures.map { TextTable.Column($0, decimals: 4) }
                + more.map { TextTable.Column($0, decimals: 4) } + ["started", "tags"].map { TextTable.Column($0) })
        for run in runs {
            let specification = run.specification
            let data = (specification.data?.name ?? "") + (specification.data?.isDistorted == true ? " distorted" : "")
            table.add(
                [.text(run.name), .text(run.state.rawValue), .text(specification.methodName ?? "own settings"), .text(data), .text("\(specification.seed)")]
                    + figures.map { run.figure($0).map { .number($0) } ?? .missing } + more.map { cell(RunFields(record: run).value($0)) }
                    + [.text(Self.date(run.started)), .text(run.tags.joined(separator: " "))])
        }
        return table.render(isUnicode: isUnicode)
    }

    private func cell(_ value: Value?) -> TextTable.Cell {
        switch value {
        case nil: .missing
        case .integer(let count)?: .count(count)
        case .number(let number)?: .number(number)
        case let value?: .text(value.description)
        }
    }

    /// `2026-11-24 13:58` of ISO 8601.
    private static func date(_ started: String) -> String { started.prefix(16).replacingOccurrences(of: "T", with: " ") }

    // MARK: Files

    /// One line a run: what it is, every figure, every setting.
    var csv: String {
        let fields = runs.map(RunFields.init)
        func union(_ names: (RunFields) -> [String]) -> [String] {
            var (seen, result): (Set<String>, [String]) = ([], [])
            for name in fields.flatMap(names) where seen.insert(name).inserted { result.append(name) }
            return result
        }
        let figures = union { $0.record.figures.map(\.name) }
        let settings = union { $0.settings.map(\.name) }.filter { !RunFields.names.contains($0) }
        var table = CSVTable(header: RunFields.names + figures + settings)
        for field in fields {
            let texts = Dictionary(field.settings.map { ($0.name, $0.text) }, uniquingKeysWith: { first, _ in first })
            table.add(
                RunFields.names.map { field.value($0)?.description ?? "" } + figures.map { field.record.figure($0).map { "\($0)" } ?? "" }
                    + settings.map { texts[$0] ?? "" })
        }
        return table.text
    }

    private struct Exported: Encodable {
        var name, state, started: String
        var sweep, method, backbone, data: String?
        var seed: UInt64
        var parameters: Int
        var tags: [String]
        var figures: [String: Double]
        var settings: [String: String]
    }

    /// An array with an object for each run.
    func json() throws -> String {
        let exported = runs.map { run in
            Exported(
                name: run.name, state: run.state.rawValue, started: run.started, sweep: run.sweep, method: run.specification.methodName,
                backbone: run.specification.backbone?.name, data: run.specification.data?.name, seed: run.specification.seed, parameters: run.parameters,
                tags: run.tags, figures: Dictionary(run.figures.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first }),
                settings: Dictionary(RunFields(record: run).settings.map { ($0.name, $0.text) }, uniquingKeysWith: { first, _ in first }))
        }
        return String(decoding: try JSONFile.encode(exported, pretty: true), as: UTF8.self) + "\n"
    }
}
