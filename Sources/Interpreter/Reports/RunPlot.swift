internal import Experiments
internal import ImageData
public import Reporting

/// A curve of a run, or of several in one chart.
public struct RunPlot {
    private let chart: Chart

    /// What may be drawn.
    public static var subjects: [String] { RunCharts.Subject.allCases.map(\.rawValue) }

    /// - Parameters:
    ///   - paths: folders of runs, at least one.
    ///   - subject: one of ``subjects``.
    /// - Throws: ``ExperimentError`` when a path is not the folder of a run, or none of the runs has anything of the kind.
    public init(_ paths: [String], subject: String, isLogarithmic: Bool = false) throws {
        let subject = RunCharts.Subject(rawValue: subject) ?? .loss
        let runs = try paths.enumerated().map { try ReportedRun($1, color: $0) }
        var chart = RunCharts.chart(subject, of: runs, isLogarithmic: isLogarithmic)
        if runs.count == 1 { chart.title += " of \(runs[0].name)" }
        guard !chart.isEmpty else {
            let help = subject == .recall || subject == .map ? "`train … evaluate=1` measures it after each epoch" : "it is there once a step is done"
            throw ExperimentError(.input, "\(paths.joined(separator: ", ")): nothing of `\(subject.rawValue)` was measured on the way", help: [help])
        }
        self.chart = chart
    }

    /// Points of the curves that are not faint, and those curves.
    public var points: Int { main.reduce(0) { $0 + $1.points.count } }
    public var series: Int { main.count }
    private var main: [Chart.Series] { chart.series.filter { $0.style != .faint } }

    /// In characters, as wide and as colourful as the terminal; nil is none.
    public func text(on terminal: Terminal?) -> String {
        guard let terminal else { return chart.text(width: 80) }
        return chart.text(
            width: min(terminal.width, 160), height: min(max(terminal.height / 2, 8), 20), isUnicode: terminal.isUnicode && terminal.isCapable, isColor: terminal.isColor)
    }

    /// SVG or PNG, by the ending of the name.
    /// - Throws: ``ExperimentError`` when it cannot be written.
    public func write(to path: String) throws {
        let limited = chart.thinned(to: 2000)
        if path.lowercased().hasSuffix(".svg") { return try TextFile.write(limited.svg(), to: path) }
        let picture: RGBImage
        do { picture = try limited.picture() } catch {
            throw ExperimentError(.input, "\(error)")
        }
        try PictureFile.write(picture, to: path)
    }
}
