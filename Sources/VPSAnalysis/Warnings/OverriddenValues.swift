import CommandSchema
import Diagnostics
import VPSSyntax

/// A setting or a `let` that is given again before anything has used it.
///
/// Only along straight lines: a block, an `include` and a call of a `def` may use anything.
struct OverriddenValues {
    let script: Script
    let commands: [String: CommandDeclaration]

    func warnings() -> [Diagnostic] { warnings(script.statements) }

    private func warnings(_ statements: [Statement]) -> [Diagnostic] {
        var found: [Diagnostic] = []
        var settings: [String: SourceSpan] = [:]
        var names: [String: SourceSpan] = [:]
        for statement in statements {
            for block in statement.inner { found += warnings(block) }
            if !names.isEmpty {
                for occurrence in NameIndex(Script(statements: [statement])).occurrences where !occurrence.role.isDefinition {
                    names[occurrence.name] = nil
                }
            }
            switch statement.kind {
            case .let(let binding):
                if let earlier = names[binding.name.text] {
                    found.append(Self.warning("`let \(binding.name.text)`", earlier, binding.name.span))
                }
                names[binding.name.text] = binding.name.span
            case .command(let command):
                guard command.block == nil, let declaration = commands[command.name.text] else {
                    (settings, names) = ([:], [:])
                    continue
                }
                guard declaration.isSetting else {
                    settings = [:]
                    continue
                }
                for replaced in [declaration.name] + declaration.replaced(by: command.firstWord) {
                    guard let earlier = settings.removeValue(forKey: replaced) else { continue }
                    found.append(Self.warning("`\(replaced)`", earlier, command.name.span))
                }
                // What loads something has used the seed, the threads and whatever else needs nothing loaded.
                if !declaration.gives.isEmpty { settings = settings.filter { !(commands[$0.key]?.needs.isEmpty ?? true) } }
                // A record that is kept is a reason of its own.
                if command.result == nil { settings[declaration.name] = command.name.span }
            case .if, .for, .include, .def: (settings, names) = ([:], [:])
            default: break
            }
        }
        return found
    }

    private static func warning(_ what: String, _ earlier: SourceSpan, _ later: SourceSpan) -> Diagnostic {
        .warning(
            .overridden, "this \(what) has no effect", at: earlier, label: "nothing uses it before it is replaced",
            notes: [Diagnostic.Note("replaced here", at: later)])
    }
}

extension CommandStatement {
    /// The word without a name that comes first: the variant, where the command has some.
    fileprivate var firstWord: String? {
        guard let argument = arguments.first(where: { $0.name == nil }), case .word(let word) = argument.value.kind else { return nil }
        return word
    }
}
