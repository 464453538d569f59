import TensorFiles

/// One entry of `cases.json`: what is to be computed, with the files beside it.
struct CaseSettings {
    let directory: String
    let name: String
    let kind: String
    private let members: [String: JSONValue]

    /// - Parameter place: the entry's number, from 0, for messages about one without a name.
    init(_ entry: JSONValue, place: Int, directory: String) throws {
        guard let members = entry.object, let name = members["name"]?.string, let kind = members["kind"]?.string else {
            throw VerificationError("\(directory)/cases.json: case \(place) is not an object with a name and a kind")
        }
        guard !name.isEmpty, !name.contains("/"), !name.contains("\0") else {
            throw VerificationError("\(directory)/cases.json: case \(place) has the name `\(name.printable)`, which cannot be a file's")
        }
        self.directory = directory
        self.name = name
        self.kind = kind
        // A setting that is null is one that is not given.
        self.members = members.filter { $0.value != .null }
    }

    /// The tensors of the case.
    func tensors() throws -> SafeTensorsFile { try SafeTensorsFile(path: "\(directory)/\(name).safetensors") }

    /// Refuses settings that nobody here reads: the numbers would be those of another computation.
    func allow(_ known: [String]) throws {
        let unknown = members.keys.filter { !known.contains($0) && $0 != "name" && $0 != "kind" }.sorted()
        guard unknown.isEmpty else {
            throw CaseFault.unsupported("the setting\(unknown.count == 1 ? "" : "s") \(unknown.map { "`\($0.printable)`" }.joined(separator: ", "))")
        }
    }

    /// Of the settings that are given, in order, without the case's name and kind.
    var keys: [String] { members.keys.filter { $0 != "name" && $0 != "kind" }.sorted() }

    func has(_ key: String) -> Bool { members[key] != nil }

    func text(_ key: String) throws -> String { try value(key, "a text", \.string) }
    func integer(_ key: String) throws -> Int { try value(key, "a whole number", \.integer) }
    func number(_ key: String) throws -> Double { try value(key, "a number", \.number) }
    func flag(_ key: String) throws -> Bool { try value(key, "true or false", \.bool) }
    func object(_ key: String) throws -> [String: JSONValue] { try value(key, "an object", \.object) }

    func elements(_ key: String) throws -> [JSONValue] { try value(key, "a list", \.array) }

    func integers(_ key: String, count: Int) throws -> [Int] {
        try value(key, "\(count) whole numbers") { $0.integers.flatMap { $0.count == count ? $0 : nil } }
    }

    func integers(_ key: String) throws -> [Int] { try value(key, "whole numbers", \.integers) }

    private func value<Value>(_ key: String, _ what: String, _ read: (JSONValue) -> Value?) throws -> Value {
        guard let member = members[key] else { throw CaseFault.malformed("the setting `\(key)` is missing") }
        guard let value = read(member) else { throw CaseFault.malformed("the setting `\(key)` should be \(what)") }
        return value
    }
}
