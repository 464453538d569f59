internal import Experiments
internal import VPSSyntax

/// Settings that differ between two specifications, as the commands name them: `optim.lr`, `prompts.n`.
struct SpecificationDifference {
    struct Row: Equatable {
        let setting: String
        /// As in a script; nil where that side has no such setting.
        let first, second: String?
    }

    /// In the order of the commands.
    let rows: [Row]

    init(_ first: ExperimentSpecification, _ second: ExperimentSpecification) {
        let sides = [SpecificationText(specification: first), SpecificationText(specification: second)]
        rows = (SpecificationText.commands + ["train"]).flatMap { command -> [Row] in
            let values = sides.map { $0.values(of: command) }
            var names: [String] = []
            for name in values.flatMap({ $0.map(\.name) }) where !names.contains(name) { names.append(name) }
            return names.compactMap { name in
                let texts = values.map { side in side.first { $0.name == name }?.text }
                return texts[0] == texts[1] ? nil : Row(setting: name, first: texts[0], second: texts[1])
            }
        }
    }
}
