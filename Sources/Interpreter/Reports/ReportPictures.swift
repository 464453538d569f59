internal import Experiments
internal import ImageData
import Reporting

/// The parts of a report that show pictures: neighbours, mistaken classes, maps.
struct ReportPictures {
    let runs: [ReportedRun]
    let problems = ReportProblems()

    /// Longest side of a picture among neighbours, and in the margin of a matrix, pixels: twice what is shown, for fine screens.
    private static let tile = 180, small = 68
    private static let classesInMatrix = 12, pairs = 9

    /// Those that there is something for.
    func sections() throws -> [ReportPage.Section] {
        let seen = runs.filter { $0.exhibit != nil }
        guard let first = seen.first, let exhibit = first.exhibit else { return [] }
        do {
            return runs.count == 1 ? try sections(of: exhibit) : try sections(comparing: seen, first: exhibit)
        } catch let error as ImageError {
            problems.add("no neighbours, mistaken classes and map: \(error.name): \(error.reason)")
            return []
        }
    }

    private func sections(of exhibit: Exhibit) throws -> [ReportPage.Section] {
        let wrong = exhibit.mistaken.isEmpty ? [] : [
            .heading("The surest mistakes"), .neighbours(try rows(exhibit.mistaken, in: exhibit)),
        ] as [ReportPage.Block]
        return [
            .init(
                "neighbours", "Neighbours",
                lead: "Queries drawn evenly from all, whatever they found; then those whose nearest neighbour is wrong and yet the most similar, one a class. Green with ✓ is of the query's class, red with ✗ is not; the number is the \(Self.measure(exhibit)).",
                [.neighbours(try rows(exhibit.drawn, in: exhibit))] + wrong),
            .init("confusion", "Mistaken classes", lead: confusionLead(exhibit), try confusion(exhibit)),
            .init("map", "Map of the embedding", lead: Self.mapLead(exhibit), try map(exhibit, title: "", color: 0).map { [.maps([$0])] } ?? []),
        ]
    }

    private func sections(comparing seen: [ReportedRun], first: Exhibit) throws -> [ReportPage.Section] {
        // The same queries can be asked of runs that look at the same pictures.
        let names = first.items.map(\.name)
        let alike = seen.filter { $0.exhibit?.items.map(\.name) == names }
        for run in seen where run.exhibit?.items.map(\.name) != names { problems.add("\(run.name) looks at other pictures than \(seen[0].name): its neighbours are not shown") }
        let rows = try first.drawn.indices.map { index in
            let answers = try alike.compactMap { run -> NeighbourRows.Answer? in
                guard let exhibit = run.exhibit, exhibit.drawn.indices.contains(index), exhibit.drawn[index].query == first.drawn[index].query else { return nil }
                return .init(title: run.name, color: run.color, neighbours: try neighbours(exhibit.drawn[index], in: exhibit))
            }
            return NeighbourRows.Row(query: try picture(first.drawn[index].query, in: first, side: Self.tile), answers: answers)
        }
        let maps = try seen.compactMap { run in try run.exhibit.flatMap { try map($0, title: run.name, color: run.color) } }
        return [
            .init(
                "neighbours", "Neighbours",
                lead: "The same queries, drawn evenly from all, asked of each run. Green with ✓ is of the query's class, red with ✗ is not; the number is the \(Self.measure(first)).",
                [.neighbours(NeighbourRows(rows))]),
            .init("map", "Maps of the embeddings", lead: Self.mapLead(first), maps.isEmpty ? [] : [.maps(maps)]),
        ]
    }

    private static func measure(_ exhibit: Exhibit) -> String {
        exhibit.drawn.contains { $0.neighbours.contains { $0.similarity < -1.001 } } ? "distance with its sign turned" : "cosine"
    }

    // MARK: Neighbours

    private func rows(_ answers: [Exhibit.Answer], in exhibit: Exhibit) throws -> NeighbourRows {
        NeighbourRows(try answers.map { answer in
            .init(query: try picture(answer.query, in: exhibit, side: Self.tile), answers: [.init(neighbours: try neighbours(answer, in: exhibit))])
        })
    }

    private func neighbours(_ answer: Exhibit.Answer, in exhibit: Exhibit) throws -> [NeighbourRows.Neighbour] {
        try answer.neighbours.map { neighbour in
            .init(
                try picture(neighbour.item, in: exhibit, side: Self.tile), similarity: neighbour.similarity,
                isSameClass: exhibit.items[neighbour.item].label == exhibit.items[answer.query].label)
        }
    }

    private func picture(_ index: Int, in exhibit: Exhibit, side: Int) throws -> NeighbourRows.Picture {
        let item = exhibit.items[index]
        return .init(try PageImage(item.image(), side: side), name: item.name, className: exhibit.classes[item.label])
    }

    // MARK: Mistaken classes

    private func confusionLead(_ exhibit: Exhibit) -> String {
        let (asked, right) = (exhibit.asked.reduce(0, +), exhibit.right.reduce(0, +))
        let whole = exhibit.asked.indices.count { exhibit.asked[$0] > 0 && exhibit.right[$0] == exhibit.asked[$0] }
        return "The class of the nearest neighbour against that of the query: \(grouped(asked - right)) of \(grouped(asked)) queries found another class first; \(grouped(whole)) of \(grouped(exhibit.asked.count { $0 > 0 })) classes were never mistaken. Cells are percent of a row's queries, of the classes that are mistaken for each other most."
    }

    private func confusion(_ exhibit: Exhibit) throws -> [ReportPage.Block] {
        guard !exhibit.confusions.isEmpty else { return [.note("No query's nearest neighbour is of another class.")] }
        let pairs = try exhibit.confusions.prefix(Self.pairs).map { one in
            ConfusedPair(
                asked: try picture(one.query, in: exhibit, side: Self.tile), taken: try picture(one.nearest, in: exhibit, side: Self.tile), count: one.count,
                queries: exhibit.asked[one.asked])
        }
        var classes: [Int] = []
        for one in exhibit.confusions {
            let new = Set([one.asked, one.taken]).subtracting(classes)
            guard classes.count + new.count <= Self.classesInMatrix else { break }
            classes += [one.asked, one.taken].filter(new.contains)
        }
        let counts = Dictionary(exhibit.confusions.map { ([$0.asked, $0.taken], $0.count) }, uniquingKeysWith: +)
        let shares = classes.map { row in
            classes.map { column in
                let count = row == column ? exhibit.right[row] : counts[[row, column]] ?? 0
                return Double(count) / Double(max(exhibit.asked[row], 1))
            }
        }
        let first = Dictionary(exhibit.items.enumerated().map { ($0.element.label, $0.offset) }, uniquingKeysWith: { first, _ in first })
        let shown = try classes.map { label in
            ConfusionMatrix.Class(exhibit.classes[label], image: try first[label].map { try PageImage(exhibit.items[$0].image(), side: Self.small) })
        }
        let matrix = ConfusionMatrix(classes: shown, shares: shares, elsewhere: shares.enumerated().map { row, shares in exhibit.asked[classes[row]] > 0 ? max(0, 1 - shares.reduce(0, +)) : 0 })
        return [.confusedPairs(pairs), .confusion(matrix)]
    }

    // MARK: Map

    private static func mapLead(_ exhibit: Exhibit) -> String {
        guard let map = exhibit.map else { return "" }
        let drawn = map.items.count < exhibit.items.count ? ", drawn evenly from \(grouped(exhibit.items.count))" : ""
        return "\(grouped(map.items.count)) pictures\(drawn), coloured by class; classes with near hues are told apart by pointing at one, or by choosing it."
    }

    private func map(_ exhibit: Exhibit, title: String, color: Int) throws -> EmbeddingMap? {
        guard let map = exhibit.map else { return nil }
        func points(_ places: [SIMD2<Double>]) -> [Chart.Point] { places.map { Chart.Point($0.x, $0.y) } }
        let shares = map.explained.map { NumberText.fixed($0 * 100, decimals: 1) }
        var layouts = [EmbeddingMap.Layout(
            "PCA", note: "The first two principal components; they hold \(shares.joined(separator: " and ")) % of the variance. Distances are true as far as those go.",
            points: points(map.principal))]
        if let neighbors = map.neighbors, let perplexity = map.perplexity {
            layouts.insert(.init(
                "t-SNE", note: "t-SNE (van der Maaten and Hinton 2008), exact, perplexity \(NumberText.fixed(perplexity, decimals: 0)), 500 iterations from the principal components, no random numbers: the same embeddings give the same map. Who is beside whom counts; distances between groups and their sizes say nothing.",
                points: points(neighbors)), at: 0)
        }
        let items = map.items.map { exhibit.items[$0] }
        return EmbeddingMap(
            title: title, color: color, layouts: layouts, names: items.map(\.name), labels: items.map(\.label), classes: exhibit.classes,
            sheet: try PictureSheet(items.map { try $0.image() }))
    }
}
