internal import Experiments
import Reporting
import VPSAnalysis

struct SearchHandler: CommandHandler {
    static let name = "search"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let progress = session.pictureProgress("search")
        defer { progress.clear() }
        let result = try session.stoppable {
            try session.experiment.search(
                path: arguments.path("image"), k: arguments.integer("k"), in: session.part(arguments), progress: progress.update)
        }
        progress.clear()
        say(result, in: session)
        if let output = try arguments.optionalPath("output") {
            try draw(result, to: output)
            session.say("picture \(output)")
        }
        return .record(Record([
            ("nearest", .text(result.hits.first?.name ?? "")), ("class", .text(result.hits.first?.className ?? "")),
            ("similarity", .number(result.hits.first?.similarity ?? 0)), ("images", .list(of: result.hits.map { .text($0.name) })),
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
        let neighbours = result.hits.map { hit in
            RetrievalPicture.Neighbour(hit.image, hit.isSameClass.map { $0 ? .sameClass : .otherClass } ?? .unknown)
        }
        try PictureFile.write(RetrievalPicture(query: result.query, neighbours: neighbours).render(), to: path)
    }
}
