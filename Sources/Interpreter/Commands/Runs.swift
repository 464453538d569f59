internal import Diagnostics
internal import Experiments
internal import Foundation
import Reporting
internal import RunStore
import VPSAnalysis
internal import VPSSyntax

struct RunsHandler: CommandHandler {
    static let name = "runs"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let store = RunStore(runs: session.runsFolder)
        for name in arguments.givenNames where arguments.variant == nil && arguments.command.option(named: name)?.belongs(to: "list") == false {
            throw ExperimentError(.specification, "`\(name)` does not belong to a list of runs", help: ["say what to do: `runs tag …`, `runs compare …`"])
        }
        switch arguments.variant ?? "list" {
        case "show": return try show(arguments, store, session)
        case "tag", "untag": return try tag(arguments, store, session)
        case "compare": return try compare(arguments, store, session)
        case "remove": return try remove(arguments, store, session)
        default: return try list(arguments, store, session)
        }
    }

    // MARK: Lists

    private func list(_ arguments: BoundArguments, _ store: RunStore, _ session: Session) throws -> Value {
        let found = store.listing()
        var runs = found.runs
        var hidden = 0
        if let text = try arguments.optionalText("where") {
            runs = try filter(text, session).selected(runs)
        } else if try !arguments.flag("all") {
            hidden = runs.filter { $0.sweep != nil }.count
            runs.removeAll { $0.sweep != nil }
        }
        var listing = RunListing(runs: runs)
        let sort = try arguments.optionalText("sort")
        if let sort { try check(sort, at: arguments.place(of: "sort"), among: found.runs) }
        listing.sort(by: sort, descending: try arguments.flag("descending"))
        if let limit = try arguments.optionalInteger("limit") { listing.runs = Array(listing.runs.prefix(limit)) }
        switch try arguments.text("format") {
        case "json": session.output.write(try listing.json())
        case "csv": session.output.write(listing.csv)
        default:
            if !listing.runs.isEmpty { session.output.write(listing.table(extra: sort.map { [$0] } ?? [], isUnicode: session.output.terminal?.isUnicode ?? true)) }
            let count = listing.runs.count
            session.say("\(grouped(count)) \(count == 1 ? "run" : "runs")" + (count < runs.count ? " of \(grouped(runs.count))" : "")
                + (hidden > 0 ? "; \(grouped(hidden)) of sweeps: `runs all`" : ""))
        }
        if let output = try arguments.optionalPath("output") {
            try TextFile.write(output.lowercased().hasSuffix(".json") ? listing.json() : listing.csv, to: output)
        }
        for problem in found.problems { session.output.writeError("warning: left out: \(problem)\n") }
        if let remark = found.remark { session.output.writeError("warning: \(remark)\n") }
        return .record(Record([("count", .integer(listing.runs.count)), ("runs", .list(of: listing.runs.map { .text(store.root + "/" + $0.name) }))]))
    }

    private func filter(_ text: String, _ session: Session) throws -> RunFilter {
        try RunFilter(text, file: session.sources.add(name: "where", text: Array(text.utf8)))
    }

    private func check(_ sort: String, at span: SourceSpan, among runs: [RunRecord]) throws {
        let fields = runs.map(RunFields.init)
        guard !fields.isEmpty, !fields.contains(where: { $0.value(sort) != nil }) else { return }
        throw Failure.rejected([RunFields.unknown(sort, at: span, among: fields)])
    }

    // MARK: Single runs

    private func show(_ arguments: BoundArguments, _ store: RunStore, _ session: Session) throws -> Value {
        var last = Record()
        for run in try arguments.texts("runs") {
            let folder = try store.folder(of: PathText.expanded(run))
            let (manifest, metrics) = (try folder.manifest(), try folder.metrics())
            let state = RunLock.isHeld(folder) ? "running" : metrics.outcome.map { $0.isComplete ? "complete" : "stopped" } ?? "killed"
            var lines = [("run", folder.path), ("state", state), ("started", manifest.started)]
            lines += (manifest.resumed ?? []).map { ("resumed", "\($0.started) at epoch \($0.position.epoch + 1) step \($0.position.step + 1)") }
            lines.append(("method", manifest.specification.methodName ?? "settings of its own"))
            if let data = manifest.data { lines.append(("data", data.line)) }
            lines += [
                ("seed", "\(manifest.seed)"), ("parameters", grouped(manifest.trainableParameters)), ("processor", "\(manifest.processor), \(manifest.blasKernel) kernels, \(manifest.threads) threads"),
                ("hashes", "data \(manifest.dataHash.prefix(12)), weights \(manifest.weightsHash.prefix(12)), program \(manifest.programHash.prefix(12))"),
            ]
            if let outcome = metrics.outcome {
                lines.append(("trained", "\(grouped(outcome.steps)) steps, loss \(NumberText.fixed(outcome.loss, decimals: 4)), \(NumberText.clock(seconds: outcome.seconds))"))
            }
            for model in RunEpoch.allCases {
                if let record = metrics.figure(of: model), let epoch = record.epoch { lines.append(("test", "\(model.title) (epoch \(epoch + 1))  \(record.figures)")) }
            }
            lines += metrics.kept.map { ("eval", "\($0.record.part.rawValue), \($0.record.embedding.rawValue), \($0.model.title)  \($0.record.figures)") }
            let tags = try folder.tags()
            if !tags.isEmpty { lines.append(("tags", tags.joined(separator: " "))) }
            let width = lines.map(\.0.count).max() ?? 0
            for (title, text) in lines { session.say(title + String(repeating: " ", count: width + 2 - title.count) + text) }
            last = Record([("run", .text(folder.path)), ("state", .text(state))])
        }
        return .record(last)
    }

    private func tag(_ arguments: BoundArguments, _ store: RunStore, _ session: Session) throws -> Value {
        let tags = try arguments.texts("tags")
        let runs = try arguments.texts("runs").map(PathText.expanded)
        for run in runs {
            let now = try arguments.variant == "tag" ? store.tag(run, add: tags) : store.tag(run, remove: tags)
            session.say("\(run)  \(now.isEmpty ? "no tags" : now.joined(separator: " "))")
        }
        return .record(Record([("count", .integer(runs.count))]))
    }

    private func compare(_ arguments: BoundArguments, _ store: RunStore, _ session: Session) throws -> Value {
        let folders = try arguments.texts("runs").map { try store.folder(of: PathText.expanded($0)) }
        guard folders.count > 1 else {
            throw ExperimentError(.specification, "a comparison takes two runs or more", help: ["runs compare runs=[first, second]", "`runs show` tells about one"])
        }
        let table = try RunDifferenceTable(folders)
        session.output.write(table.text(isUnicode: session.output.terminal?.isUnicode ?? true))
        session.say(table.settings == 0 ? "the settings are the same" : "\(table.settings) \(table.settings == 1 ? "setting differs" : "settings differ")")
        if folders.count == 2 { session.say("`compare` says whether two runs differ by more than chance") }
        return .record(Record([("count", .integer(folders.count)), ("settings", .integer(table.settings))]))
    }

    private func remove(_ arguments: BoundArguments, _ store: RunStore, _ session: Session) throws -> Value {
        let runs = try arguments.texts("runs").map(PathText.expanded)
        let size = "\(grouped(runs.count)) \(runs.count == 1 ? "run" : "runs"), \(grouped(try store.size(of: runs) >> 20)) MiB"
        guard try arguments.flag("yes") else {
            for run in runs { session.say(try store.folder(of: run).path) }
            session.say("\(size): nothing was removed; `yes` at the end of the command removes them")
            return .record(Record([("count", .integer(0))]))
        }
        try store.remove(runs)
        session.say("removed \(size)")
        return .record(Record([("count", .integer(runs.count))]))
    }
}
