import VPSSyntax

/// What may be given to a script on the command line: `alpha=`, `net=vit-s16`.
public enum ParameterNames {
    /// - Returns: `name=` for each `param` at the top of the script, in order; where its domain is a list of words or
    ///   numbers, each of them too.
    public static func completions(of text: [UInt8]) -> [String] {
        Parser.parse(text, file: 0).script.statements.flatMap { statement -> [String] in
            guard case .param(let parameter) = statement.kind else { return [] }
            guard let domain = parameter.domain, case .list(let elements) = domain.kind else { return ["\(parameter.name.text)="] }
            return elements.map { "\(parameter.name.text)=\(Printer.print($0))" }
        }
    }
}
