public import Diagnostics

extension SweepSpace {
    /// What is wrong with the way in which the sweep is to choose its cells; shared by analysis and interpreter.
    public func problems(_ arguments: BoundArguments) -> [Diagnostic] {
        var problems: [Diagnostic] = []
        func report(_ code: AnalysisCode, _ message: String, at span: SourceSpan, _ help: String) {
            problems.append(Diagnostic(code: code.rawValue, message, at: span, help: [help]))
        }
        guard let method = try? arguments.choice("by"), let pruning = try? arguments.choice("prune") else { return [] }
        let axes = groups.flatMap { $0 }
        if method == "grid" {
            if arguments.isGiven("trials") {
                report(.belongsTogether, "`trials` belongs to `by=random` and `by=tpe`", at: arguments.place(of: "trials"), "a grid has as many cells as there are combinations")
            }
            for axis in axes where axis.domain.isDistribution {
                report(
                    .unusableAxis, "a grid cannot go through a distribution", at: axis.place,
                    "give a list, or `sweep … by=random trials=20` or `by=tpe trials=20`")
            }
        } else {
            if !arguments.isGiven("trials") {
                report(.missingValue, "`sweep by=\(method)` needs `trials`", at: arguments.place(of: "by"), "write `by=\(method) trials=20`")
            }
            if groups.count > 1, let second = groups[1].first {
                report(.unusableAxis, "groups of cells belong to `by=grid`", at: second.span, "leave the `+` out: every axis is drawn from in each trial")
            }
            if axes.isEmpty, diagnostics.isEmpty {
                report(.unusableAxis, "`sweep by=\(method)` varies nothing", at: arguments.place(of: "by"), "begin the block with `vary lr in loguniform(1e-4, 1e-1)`")
            }
        }
        for option in ["rung", "factor"] where arguments.isGiven(option) && pruning != "asha" {
            report(.belongsTogether, "`\(option)` belongs to `prune=asha`", at: arguments.place(of: option), "write `prune=asha \(option)=…`")
        }
        if pruning == "asha" {
            if method == "tpe" {
                report(.excluded, "`prune=asha` and `by=tpe` exclude each other", at: arguments.place(of: "prune"), "prune a grid or random trials")
            }
            if arguments.isGiven("seeds"), (try? arguments.value("seeds")?.wholeNumber) != 1 {
                report(.excluded, "`prune=asha` compares cells, which have one seed each", at: arguments.place(of: "seeds"), "run the best again with more seeds")
            }
        }
        return problems
    }
}
