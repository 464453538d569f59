internal import Experiments
import Reporting

/// Curves of runs.
enum RunCharts {
    enum Subject: String, CaseIterable {
        case loss, rate, recall, map
    }

    /// The chart of `plot`, and of a page of several runs: one colour a run where there are several.
    static func chart(_ subject: Subject, of runs: [ReportedRun], isLogarithmic: Bool = false) -> Chart {
        let isAlone = runs.count == 1
        func name(_ run: ReportedRun, _ own: String) -> String { isAlone ? own : run.name }
        switch subject {
        case .loss:
            return Chart("loss", x: "epoch", y: "loss", isLogarithmic: isLogarithmic, series: runs.flatMap { loss($0, name: name($0, "mean of the epoch")) })
        case .rate:
            let series = runs.flatMap { rates($0, isAlone: isAlone) }
            return Chart("learning rate", x: "epoch", y: "rate", isLogarithmic: isLogarithmic, series: series)
        case .recall:
            let k = runs.lazy.compactMap { firstK($0) }.first ?? 1
            return Chart("R@\(k)", x: "epoch", y: "R@\(k) [%]", isLogarithmic: isLogarithmic, series: measured(runs) { record in record.recall.first { $0.k == k }?.value })
        case .map:
            return Chart("MAP@R", x: "epoch", y: "MAP@R [%]", isLogarithmic: isLogarithmic, series: measured(runs, \.meanAveragePrecision))
        }
    }

    /// All of them that there is something for. Rates that lie far apart go by powers of ten.
    static func all(of runs: [ReportedRun]) -> [Chart] {
        Subject.allCases.map { subject in
            let plain = chart(subject, of: runs)
            let values = plain.series.flatMap { $0.points.map(\.y) }.filter { $0 > 0 }
            let isWide = subject == .rate && (values.max() ?? 0) > 20 * (values.min() ?? .infinity)
            return isWide ? chart(subject, of: runs, isLogarithmic: true) : plain
        }.filter { !$0.isEmpty }
    }

    /// Recall@K of one run for each K that was measured on the way.
    static func recallByK(of run: ReportedRun) -> Chart {
        let records = run.metrics.evaluations.filter { $0.part == .test }
        let ks = Set(records.flatMap { $0.recall.map(\.k) }).sorted()
        let series = ks.enumerated().map { number, k in
            Chart.Series("R@\(k)", records.compactMap { point($0) { record in record.recall.first { $0.k == k }?.value } }, style: .dotted, color: number)
        }
        return Chart("Recall@K on the test classes", x: "epoch", y: "recall [%]", series: series)
    }

    /// The losses of the steps behind the epochs' means; alone, where there are too few epochs for a curve.
    private static func loss(_ run: ReportedRun, name: String) -> [Chart.Series] {
        let steps = run.curves.steps.map { Chart.Point(run.curves.epochs(after: $0), $0.loss) }
        let epochs = run.curves.epochs.map { Chart.Point(Double($0.epoch + 1), $0.loss) }
        guard epochs.count >= 3 else { return [Chart.Series(name == "mean of the epoch" ? "step" : name, steps, color: run.color)] }
        return [
            Chart.Series("step", steps, style: .faint, color: run.color),
            Chart.Series(name, epochs, style: epochs.count <= 60 ? .dotted : .line, color: run.color),
        ]
    }

    private static func rates(_ run: ReportedRun, isAlone: Bool) -> [Chart.Series] {
        func points(_ rate: (StepRecord) -> Double) -> [Chart.Point] { run.curves.steps.map { Chart.Point(run.curves.epochs(after: $0), rate($0)) } }
        guard isAlone else { return [Chart.Series(run.name, points(\.rate), color: run.color)] }
        let model = Chart.Series("model", points(\.rate), color: 0)
        guard run.manifest.specification.loss.proxiesPerClass > 0 else { return [model] }
        return [model, Chart.Series("learned proxies", points(\.proxyRate), color: 1)]
    }

    private static func firstK(_ run: ReportedRun) -> Int? { run.metrics.evaluations.first { $0.part == .test }?.recall.first?.k }

    /// Test figures, and for a run alone those on validation classes too.
    private static func measured(_ runs: [ReportedRun], _ figure: (EvaluationRecord) -> Double?) -> [Chart.Series] {
        let isAlone = runs.count == 1
        return runs.flatMap { run in
            (isAlone ? [EvaluationOptions.Part.test, .validation] : [.test]).compactMap { part -> Chart.Series? in
                let points = run.metrics.evaluations.filter { $0.part == part }.compactMap { point($0, figure) }
                guard !points.isEmpty else { return nil }
                return Chart.Series(isAlone ? part.rawValue : run.name, points, style: .dotted, color: isAlone ? (part == .test ? 0 : 1) : run.color)
            }
        }
    }

    private static func point(_ record: EvaluationRecord, _ figure: (EvaluationRecord) -> Double?) -> Chart.Point? {
        guard let epoch = record.epoch, let value = figure(record) else { return nil }
        return Chart.Point(Double(epoch + 1), value * 100)
    }
}
