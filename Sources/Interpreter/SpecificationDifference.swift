internal import Experiments
internal import VPSSyntax

/// Settings that differ between specifications, as the commands name them: `optim.lr`, `prompts.n`.
enum SpecificationDifference {
    /// Names of those that are not the same in all, in the order of the commands.
    static func names(_ specifications: [ExperimentSpecification]) -> [String] {
        let sides = specifications.map(SpecificationText.init)
        return (SpecificationText.commands + ["train"]).flatMap { command -> [String] in
            let values = sides.map { Dictionary($0.values(of: command), uniquingKeysWith: { first, _ in first }) }
            var names: [String] = []
            for name in sides.flatMap({ $0.values(of: command).map(\.name) }) where !names.contains(name) { names.append(name) }
            return names.filter { name in Set(values.map { $0[name] }).count > 1 }
        }
    }

    /// Every setting with its text in a script.
    static func values(of specification: ExperimentSpecification) -> [String: String] {
        let text = SpecificationText(specification: specification)
        return Dictionary((SpecificationText.commands + ["train"]).flatMap(text.values), uniquingKeysWith: { first, _ in first })
    }
}
