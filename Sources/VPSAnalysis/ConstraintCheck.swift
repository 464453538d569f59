import CommandSchema
import Diagnostics

/// What must hold for arguments together. Nothing is said where a value is unknown or was wrong itself.
struct ConstraintCheck {
    let arguments: BoundArguments
    let state: SessionState

    func diagnostics() -> [Diagnostic] { arguments.command.constraints.flatMap(check) }

    private func check(_ constraint: Constraint) -> [Diagnostic] {
        switch constraint {
        case .divides(let divisor, let dividend, let variants):
            return divides(divisor, dividend, variants)
        case .exclusive(let names):
            let given = names.filter(arguments.isGiven).sorted { arguments.place(of: $0).lower < arguments.place(of: $1).lower }
            return given.dropFirst().map { error(.excluded, "`\($0)` does not go with `\(given[0])`", at: $0) }
        case .paired(let names):
            guard let first = names.first(where: arguments.isGiven) else { return [] }
            return names.filter { !arguments.isGiven($0) }.map { error(.missingValue, "`\(first)` needs `\($0)`", at: first) }
        case .alone(let flag):
            guard (try? arguments.flag(flag)) == true else { return [] }
            return arguments.givenNames.filter { $0 != flag }.map { error(.excluded, "`\($0)` does not go with `\(flag)`", at: $0) }
        case .together(let options, let other, let value):
            return together(options, other, value)
        case .belong(let options, let other, let value):
            guard let actual = word(other), actual != value else { return [] }
            return belonging(options, other, value)
        case .onlyWith(let options, let other):
            guard isMissing(other) else { return [] }
            return options.filter(arguments.isGiven).map { error(.belongsTogether, "`\($0)` belongs to `\(other)`", at: $0) }
        case .notAbove(let smaller, let larger):
            guard let low = number(smaller), let high = number(larger), low > high else { return [] }
            let subject = arguments.isGiven(smaller) ? smaller : larger
            return [error(.tooLarge, "\(written(smaller)) is larger than \(written(larger))", at: subject)]
        case .atMost(let option, let property):
            guard let most = state.properties[property], let value = number(option), value > Double(most) else { return [] }
            return [error(.tooLarge, "\(written(option)), but \(property.describe(most))", at: option)]
        case .quotientAtMost(let dividend, let divisor, let property):
            guard let most = state.properties[property], let x = whole(dividend), let y = whole(divisor), y > 0, x % y == 0,
                x / y > most
            else { return [] }
            return [
                error(
                    .tooLarge, "`\(dividend)` / `\(divisor)` is \(x / y), but \(property.describe(most))",
                    at: arguments.isGiven(dividend) ? dividend : divisor)
            ]
        case .ending(let option, let suffix, let variant):
            guard arguments.variant == variant, let path = (try? arguments.value(option))?.string, !path.lowercased().hasSuffix(suffix) else { return [] }
            return [error(.wrongSuffix, "`\(arguments.title)` writes a file that ends in \(suffix)", at: option)]
        case .never(let conditions, let reason, let help):
            guard conditions.allSatisfy(holds) else { return [] }
            let subject = conditions.lazy.compactMap(\.option).first(where: arguments.isGiven)
            return [Diagnostic(code: AnalysisCode.excluded.rawValue, reason, at: subject.map(arguments.place) ?? arguments.span, help: help)]
        }
    }

    private func holds(_ condition: Condition) -> Bool {
        switch condition {
        case .given(let name): arguments.isGiven(name)
        case .absent(let name): !arguments.isGiven(name)
        case .option(let name, let most): number(name).map { $0 <= most } ?? false
        case .property(let property, let range): state.properties[property].map(range.contains) ?? false
        }
    }

    private func divides(_ divisor: String, _ dividend: String, _ variants: [String]) -> [Diagnostic] {
        guard variants.isEmpty || variants.contains(arguments.variant ?? ""), let x = whole(dividend), let y = whole(divisor),
            y != 0, x % y != 0
        else { return [] }
        let subject = arguments.isGiven(dividend) ? dividend : divisor
        return [error(.indivisible, "\(written(dividend)) is no multiple of \(written(divisor))", at: subject)]
    }

    private func together(_ options: [String], _ other: String, _ value: String) -> [Diagnostic] {
        guard let actual = word(other) else { return [] }
        if actual == value {
            return options.filter { !arguments.isGiven($0) }.map {
                error(.missingValue, "`\(other)=\(value)` needs `\($0)`", at: other)
            }
        }
        return belonging(options, other, value)
    }

    /// Complaints about options that were given though the other has another value than theirs.
    private func belonging(_ options: [String], _ other: String, _ value: String) -> [Diagnostic] {
        options.filter(arguments.isGiven).map { error(.belongsTogether, "`\($0)` belongs to `\(other)=\(value)`", at: $0) }
    }

    // MARK: Values and words

    private func number(_ name: String) -> Double? { (try? arguments.value(name))?.double }

    /// The word that an option of this variant has, given or by default.
    private func word(_ name: String) -> String? {
        guard let option = arguments.command.option(named: name), option.belongs(to: arguments.variant) else { return nil }
        return arguments.value(of: option)?.string
    }

    /// Not given, or a flag that is not set; false for an option that this variant does not have.
    private func isMissing(_ name: String) -> Bool {
        guard let option = arguments.command.option(named: name), option.belongs(to: arguments.variant) else { return false }
        guard option.kind == .flag else { return !arguments.isGiven(name) }
        guard let value = try? arguments.value(name), case .boolean(false) = value else { return false }
        return true
    }

    private func whole(_ name: String) -> Int? { (try? arguments.value(name))?.wholeNumber }

    /// `batch=64`, and where it is no default that the user never saw, just that.
    private func written(_ name: String) -> String {
        let value = (try? arguments.value(name))?.literal ?? "?"
        return arguments.isGiven(name) ? "`\(name)=\(value)`" : "`\(name)` (\(value) unless given)"
    }


    private func error(_ code: AnalysisCode, _ message: String, at name: String) -> Diagnostic {
        let option = arguments.command.option(named: name)
        return Diagnostic(
            code: code.rawValue, message, at: arguments.place(of: name),
            help: option.map { $0.kind == .flag ? [] : [$0.explanation(for: arguments.variant)] } ?? [])
    }
}
