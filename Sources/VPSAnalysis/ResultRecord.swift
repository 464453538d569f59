internal import CommandSchema

extension BoundArguments {
    /// The record that the command returns, as far as it is known before the command has run.
    public var expectedResult: Value {
        var fields: [(String, Value)] = []
        var openPrefixes: [String] = []
        // Many fields hang on one option.
        let isOn = Dictionary(Set(command.result.compactMap(\.condition)).map { ($0, self.isOn($0)) }) { first, _ in first }
        for field in command.result {
            let value = Value.unknown(field.kind.type)
            if let condition = field.condition {
                guard let isGiven = isOn[condition] ?? nil else {
                    openPrefixes.append(field.name)
                    continue
                }
                guard isGiven else { continue }
            }
            switch field.presence {
            case .always, .when, .possible, .sometimes: fields.append((field.name, value))
            case .each(let option), .eachWhen(let option, _):
                switch elements(of: option) {
                case nil: openPrefixes.append(field.name)
                case let names?: fields += names.map { ("\(field.name)\($0)", value) }
                }
            }
        }
        return .record(Record(fields, openPrefixes: openPrefixes, hints: hints(isOn)))
    }

    /// Whether a flag is on, or another option has a value other than `none`; nil while that is not known.
    private func isOn(_ option: String) -> Bool? {
        switch try? value(option) {
        case nil: false
        case .boolean(let isOn)?: isOn
        case .word("none")?: false
        case .unknown?: nil
        default: true
        }
    }

    /// Texts of a list's elements; nil while they are not known. A list that is off has none.
    private func elements(of option: String) -> [String]? {
        switch try? value(option) {
        case .list(let list)? where list.isKnown: return list.elements.map(\.description)
        case nil:
            guard case .absent? = command.option(named: option)?.defaultValue else { return nil }
            return []
        default: return nil
        }
    }

    /// What would give the fields that are not always there.
    private func hints(_ isOn: [String: Bool?]) -> [String] {
        var hints: [String] = []
        var byOption: [(option: String, names: [String])] = []
        for field in command.result {
            if case .each(let option) = field.presence, !field.name.isEmpty {
                hints.append("`\(command.name) \(option)=[…]` says which \(field.displayName) there are")
            }
            guard let option = field.condition, isOn[option] == .some(false) else { continue }
            if let place = byOption.firstIndex(where: { $0.option == option }) {
                byOption[place].names.append(field.displayName)
            } else {
                byOption.append((option, [field.displayName]))
            }
        }
        return hints + byOption.map { option, names in
            let isFlag = command.option(named: option)?.kind == .flag
            return "`\(command.name) \(option)\(isFlag ? "" : "=…")` gives \(names.joined(separator: ", "))"
        }
    }
}

extension FieldDeclaration.Kind {
    var type: ValueType {
        switch self {
        case .integer: .integer
        case .number: .number
        case .text: .text
        case .texts: .list
        case .record: .record
        }
    }
}
