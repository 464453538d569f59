internal import Experiments
import Reporting
import VPSAnalysis

struct SearchHandler: CommandHandler {
    static let name = "search"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let (path, k) = (try arguments.path("image"), try arguments.integer("k"))
        let output = try arguments.optionalPath("output")
        guard let index = try arguments.optionalPath("index") else {
            return try image(in: session, arguments, output: output) { progress in
                try session.experiment.search(path: path, k: k, in: session.part(arguments), progress: progress)
            }
        }
        let wanted = IndexedSearch(path: index, breadth: try arguments.integer("ef"), isExact: try arguments.flag("exact"))
        if Experiment.isEmbeddings(path) { return try embeddings(path, k: k, in: wanted, output: output, session) }
        return try image(in: session, arguments, output: output) { _ in try session.experiment.search(path: path, k: k, in: wanted) }
    }

    private func image(
        in session: Session, _ arguments: BoundArguments, output: String?, search: (@escaping (Int, Int) -> Bool) throws -> SearchResult
    ) throws -> Value {
        if let output, !output.lowercased().hasSuffix(".png") {
            throw ExperimentError(.specification, "what an image finds is drawn, but \(output) is no .png", help: ["output=\"row.png\""])
        }
        let progress = session.pictureProgress("search")
        defer { progress.clear() }
        let result = try session.stoppable { try search(progress.update) }
        progress.clear()
        say(result, in: session)
        if let output {
            try draw(result, to: output)
            session.say("picture \(output)")
        }
        return .record(Record([
            ("nearest", .text(result.hits.first?.name ?? "")), ("class", .text(result.hits.first?.className ?? "")),
            ("similarity", .number(result.hits.first?.similarity ?? 0)), ("images", .list(of: result.hits.map { .text($0.name) })),
        ]))
    }

    private func embeddings(_ path: String, k: Int, in wanted: IndexedSearch, output: String?, _ session: Session) throws -> Value {
        if let output, !output.lowercased().hasSuffix(".npy") {
            throw ExperimentError(.specification, "what embeddings find is an array, but \(output) is no .npy", help: ["output=\"found.npy\""])
        }
        let found = try session.experiment.search(embeddings: path, k: k, in: wanted)
        let rate = Double(found.queries) / max(found.seconds, 1e-9)
        let how = found.isExact ? "every row" : "the graph, ef \(wanted.breadth)"
        session.say("\(grouped(found.queries)) queries, \(found.k) nearest of \(grouped(found.rows)) rows by \(how): \(NumberText.brief(rate)) queries/s")
        if let output {
            try found.write(to: output)
            session.say("rows \(output)")
        }
        return .record(Record([
            ("nearest", .text("")), ("class", .text("")), ("similarity", .number(0)), ("images", .list(of: [])), ("rate", .number(rate)),
        ]))
    }

    private func say(_ result: SearchResult, in session: Session) {
        let known = result.queryClass.map { " of class \($0)" } ?? ""
        session.say("\(result.hits.count) nearest to an image\(known)\(session.modelNote)")
        var table = TextTable([TextTable.Column(result.isHyperbolic ? "-distance" : "cosine", decimals: 4), TextTable.Column("class"), TextTable.Column("image")])
        for hit in result.hits {
            let mark = hit.isSameClass.map { $0 ? " +" : " -" } ?? ""
            table.add([.number(hit.similarity), .text(hit.className + mark), .text(hit.name)])
        }
        session.output.write(table.render(isUnicode: session.output.terminal?.isUnicode ?? true))
    }

    private func draw(_ result: SearchResult, to path: String) throws {
        let neighbours = try result.hits.map { hit in
            guard let image = hit.image else {
                throw ExperimentError(.input, "the picture \(hit.name) is not to be found, so the row cannot be drawn", help: ["load the data set that the index is of, or make the index where its pictures are"])
            }
            return RetrievalPicture.Neighbour(image, hit.isSameClass.map { $0 ? .sameClass : .otherClass } ?? .unknown)
        }
        try PictureFile.write(RetrievalPicture(query: result.query, neighbours: neighbours).render(), to: path)
    }
}
