public import CommandSchema

extension BoundArguments {
    /// Names and kinds of the fields that the command returns with these arguments; nil when that is not known yet.
    public var resultFields: [(name: String, kind: FieldDeclaration.Kind)]? {
        var fields: [(name: String, kind: FieldDeclaration.Kind)] = []
        for field in command.result {
            switch field.presence {
            case .always: fields.append((field.name, field.kind))
            case .when(let option):
                guard case .boolean(let isOn)? = try? value(option) else { return nil }
                if isOn { fields.append((field.name, field.kind)) }
            case .each(let option):
                guard case .list(let list)? = try? value(option), list.isKnown else { return nil }
                fields += list.elements.map { ("\(field.name)\($0.description)", field.kind) }
            }
        }
        return fields
    }

    /// The record as far as it is known before the command has run.
    public var expectedResult: Value {
        guard let fields = resultFields else { return .unknown(.record) }
        return .record(Record(fields.map { ($0.name, .unknown($0.kind.type)) }, hints: hints))
    }

    /// What would give the fields that are not always there.
    private var hints: [String] {
        command.result.compactMap { field in
            switch field.presence {
            case .always: nil
            case .when(let option): (try? flag(option)) == true ? nil : "`\(command.name) \(option)` gives \(field.name)"
            case .each(let option): "`\(command.name) \(option)=[…]` says which \(field.displayName) there are"
            }
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
        }
    }
}
