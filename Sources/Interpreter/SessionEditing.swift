internal import Experiments
internal import Reporting
internal import VPSAnalysis

extension Session {
    /// A line of output.
    func say(_ line: String) { output.write(line + "\n") }

    /// Changes the specification by a command, and remembers where its values came from.
    /// - Parameter replacing: other commands whose values this one sets too.
    func edit(_ arguments: BoundArguments, replacing others: [String] = [], _ change: (inout ExperimentSpecification) -> Void) throws {
        try editing(arguments, replacing: others, change) {}
    }

    /// The same, with work that the change asks for; when it fails, the specification is as it was.
    func editing<Result>(
        _ arguments: BoundArguments, replacing others: [String] = [], _ change: (inout ExperimentSpecification) -> Void,
        then work: () throws -> Result
    ) throws -> Result {
        let before = experiment.specification
        do {
            change(&experiment.specification)
            try experiment.specification.validate(depth: experiment.backboneSummary?.depth)
            noteOrigin(arguments, replacing: others)
            let result = try work()
            history.note(words(of: arguments), before: before, after: experiment.specification)
            return result
        } catch {
            experiment.specification = before
            throw error
        }
    }

    /// The command as typed, on one line.
    private func words(of arguments: BoundArguments) -> String {
        let given = arguments.givenNames.map { name -> String in
            let text = sources.text(of: arguments.span(of: name)) ?? ""
            let isNamed = arguments.command.options.contains { $0.name == name && $0.kind != .flag }
            return isNamed ? "\(name)=\(text)" : text
        }
        return ([arguments.command.name] + given).joined(separator: " ")
    }

    private func noteOrigin(_ arguments: BoundArguments, replacing others: [String]) {
        let command = arguments.command.name
        let given = arguments.givenNames
        for replaced in [command] + others {
            experiment.specification.provenance = experiment.specification.provenance.filter { !$0.key.hasPrefix(replaced + ".") }
        }
        for option in given {
            let place = place(of: arguments.span(of: option))
            let origin = Provenance(source: place.source, line: place.line)
            if others.isEmpty {
                experiment.specification.provenance["\(command).\(option)"] = origin
            } else {
                for replaced in others { experiment.specification.provenance["\(replaced).\(command) \(option)"] = origin }
            }
        }
    }

    /// The script that a run keeps: the file that is run, or what was typed and succeeded, then the statement at hand.
    func script(upTo arguments: BoundArguments) -> String {
        let typed = "<input>"
        let first = sources[0]
        if let first, first.name != typed { return String(decoding: first.text, as: UTF8.self) }
        let statement = sources[arguments.span.file].map { String(decoding: $0.text, as: UTF8.self) } ?? ""
        return transcript + statement + (statement.hasSuffix("\n") ? "" : "\n")
    }

    /// Runs work that may stop at a safe point; stopping ends the statement as the interpreter has it.
    func stoppable<Result>(_ work: () throws -> Result) throws -> Result {
        do { return try work() } catch is StoppedEarly { throw Interrupted() }
    }

    /// A bar for work of so many pictures, where progress may be shown at all.
    func pictureProgress(_ label: String) -> PictureProgress { PictureProgress(label, in: self) }
}

/// Shows how far pictures are embedded, and says when the user wants to stop.
final class PictureProgress {
    private let label: String
    private let session: Session
    private var bar: ProgressBar?

    init(_ label: String, in session: Session) {
        self.label = label
        self.session = session
    }

    /// Told how many of how many are done; false to stop.
    func update(_ done: Int, _ total: Int) -> Bool {
        if bar == nil, let terminal = session.output.progress {
            bar = ProgressBar(label, total: total, unit: "images", terminal: terminal)
        }
        bar?.update(done: done)
        return !session.shouldStop()
    }

    func clear() { bar?.clear() }
}

/// Digits in groups of three: `21,852,672`.
func grouped(_ number: Int) -> String { NumberText.grouped(number) }
