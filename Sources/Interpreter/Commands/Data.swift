internal import Experiments
import VPSAnalysis

struct DataHandler: CommandHandler {
    static let name = "data"
    /// Skipped files and warnings that are named; of more only the number is said.
    private static let named = 5

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let name = try arguments.text("set")
        var data = DataSpecification(name: name, validation: try arguments.optionalNumber("validate") ?? 0)
        if let fold = try arguments.optionalInteger("fold"), let folds = try arguments.optionalInteger("folds") {
            data.fold = DataSpecification.Fold(fold, of: folds)
        }
        if name == "glyphs" {
            data.isDistorted = try arguments.flag("distorted")
        } else {
            data.path = try arguments.path("path")
            data.skipsBad = try arguments.flag("skip-bad")
            if try arguments.text("decode") == "fast" { data.decoding = .fast }
            data.cache = try arguments.optionalPath("cache")
            data.cacheLimit = try arguments.bytes("cache-limit").map { Int(min($0, 1e18)) }
        }
        if name == "folder" {
            data.split = switch try arguments.text("split") {
            case "list": .list(train: try arguments.path("train-list"), test: try arguments.path("test-list"))
            case "folders": .folders
            default: .order
            }
        }
        let summary = try session.editing(arguments) { $0.data = data } then: { try session.experiment.loadData() }
        say(summary, in: session)
        return .record(Record([
            ("train-images", .integer(summary.trainImages)), ("train-classes", .integer(summary.trainClasses)),
            ("validation-images", .integer(summary.validationImages)), ("validation-classes", .integer(summary.validationClasses)),
            ("test-images", .integer(summary.testImages)), ("test-classes", .integer(summary.testClasses)),
            ("query-images", .integer(summary.queryImages ?? summary.testImages)),
            ("gallery-images", .integer(summary.galleryImages ?? summary.testImages)), ("skipped", .integer(summary.skipped.count)),
        ]))
    }

    private func say(_ summary: DataSummary, in session: Session) {
        session.say(summary.line + (summary.layout.isEmpty ? "" : "  (\(summary.layout))"))
        if !summary.skipped.isEmpty {
            session.say("skipped \(summary.skipped.count) \(summary.skipped.count == 1 ? "file that is" : "files that are") no pictures:")
            list(summary.skipped, in: session)
        }
        if !summary.warnings.isEmpty { list(summary.warnings.map { "warning: " + $0 }, in: session) }
    }

    private func list(_ lines: [String], in session: Session) {
        for line in lines.prefix(Self.named) { session.say("  " + line) }
        if lines.count > Self.named { session.say("  and \(lines.count - Self.named) more") }
    }
}

extension DataSummary {
    /// `glyphs  train 2,400 images of 200 classes, test 2,400 of 200`
    var line: String {
        var parts = ["train \(grouped(trainImages)) images of \(grouped(trainClasses)) classes"]
        if validationClasses > 0 { parts.append("validation \(grouped(validationImages)) of \(grouped(validationClasses))") }
        let ask = queryImages.flatMap { asking in galleryImages.map { ": \(grouped(asking)) queries, \(grouped($0)) gallery" } } ?? ""
        parts.append("test \(grouped(testImages)) of \(grouped(testClasses))\(ask)")
        return "\(name)  " + parts.joined(separator: ", ")
    }
}
