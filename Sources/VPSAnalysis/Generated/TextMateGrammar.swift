/// Grammar/vps.tmLanguage.json: colours in VS Code, on GitHub and wherever TextMate grammars are read.
///
/// Every expression is one of Oniguruma, ICU, Python and PCRE alike: no possessive, no named group, no variable lookbehind.
enum TextMateGrammar {
    static func file() -> GeneratedFile {
        GeneratedFile(path: "Grammar/vps.tmLanguage.json", text: text)
    }

    private static func alternation(_ words: [String]) -> String {
        // A point is the only letter of a word that means something in an expression.
        words.map { $0.split(separator: ".", omittingEmptySubsequences: false).joined(separator: #"\\."#) }.joined(separator: "|")
    }

    /// Not inside a longer word.
    private static let wordStart = #"(?<![A-Za-z0-9_$@.-])"#
    private static let wordEnd = #"(?![A-Za-z0-9_]|[-.@][A-Za-z0-9_])"#
    private static let name = #"[A-Za-z_](?:[A-Za-z0-9_]|-(?=[A-Za-z_]))*"#
    private static let field = #"[A-Za-z_](?:[A-Za-z0-9_]|-(?=[A-Za-z_])|@(?=[A-Za-z0-9_]))*"#
    private static let word = #"[A-Za-z_](?:[A-Za-z0-9_]|[-.@](?=[A-Za-z0-9_]))*"#
    /// Where a statement may begin: the start of a line (of a continued one too), or after `;`, `{`, `}`.
    private static let start = #"(?:^|(?<=[;{}]))[ \\t]*"#

    private static let text = #"""
        {
          "information_for_contributors": "Written by generate-vptsp from the catalog. Change TextMateGrammar.swift or a declaration, not this file.",
          "name": "VPS",
          "scopeName": "source.vps",
          "fileTypes": ["vps"],
          "patterns": [{ "include": "#statement" }],
          "repository": {
            "statement": {
              "patterns": [
                { "include": "#comment" },
                { "include": "#binding" },
                { "include": "#definition" },
                { "include": "#keyword" },
                { "include": "#command" },
                { "include": "#result" },
                { "include": "#option" },
                { "include": "#expression" }
              ]
            },
            "comment": { "name": "comment.line.number-sign.vps", "match": "#.*$" },
            "binding": {
              "match": "\#(start)(let|param|for|vary)[ \\t]+(\#(name)(?:[ \\t]*,[ \\t]*\#(name))*)",
              "captures": {
                "1": { "name": "keyword.control.vps" },
                "2": { "name": "variable.other.definition.vps" }
              }
            },
            "definition": {
              "match": "\#(start)(def)[ \\t]+(\#(word))",
              "captures": {
                "1": { "name": "keyword.control.vps" },
                "2": { "name": "entity.name.function.vps" }
              }
            },
            "keyword": {
              "match": "\#(start)(\#(alternation(GrammarWords.statements)))\#(wordEnd)(?![ \\t]*=[^=])",
              "captures": { "1": { "name": "keyword.control.vps" } }
            },
            "command": {
              "match": "\#(start)(?:(\#(alternation(GrammarWords.commands)))\#(wordEnd)|(\#(word)))(?![ \\t]*=[^=])",
              "captures": {
                "1": { "name": "support.function.command.vps" },
                "2": { "name": "entity.name.function.call.vps" }
              }
            },
            "result": {
              "match": "(->)[ \\t]*(\#(name))?",
              "captures": {
                "1": { "name": "keyword.operator.arrow.vps" },
                "2": { "name": "variable.other.definition.vps" }
              }
            },
            "option": {
              "match": "\#(wordStart)(?:(\#(alternation(GrammarWords.options)))|(\#(word)))[ \\t]*(=)(?!=)",
              "captures": {
                "1": { "name": "variable.parameter.option.vps" },
                "2": { "name": "variable.parameter.vps" },
                "3": { "name": "keyword.operator.assignment.vps" }
              }
            },
            "expression": {
              "patterns": [
                { "include": "#string" },
                { "include": "#variable" },
                {
                  "name": "constant.numeric.vps",
                  "match": "(?<![A-Za-z0-9_$@])[0-9][0-9_]*(?:\\.[0-9][0-9_]*)?(?:[eE][+-]?[0-9]+)?(?:\#(alternation(GrammarWords.units)))?(?![A-Za-z0-9_])"
                },
                {
                  "match": "\#(wordStart)(\#(alternation(GrammarWords.functions)))(?=\\()",
                  "captures": { "1": { "name": "support.function.builtin.vps" } }
                },
                { "name": "constant.language.boolean.vps", "match": "\#(wordStart)(?:\#(alternation(GrammarWords.constants)))\#(wordEnd)" },
                { "name": "keyword.operator.word.vps", "match": "\#(wordStart)(?:\#(alternation(GrammarWords.operators)))\#(wordEnd)" },
                { "name": "support.constant.vps", "match": "\#(wordStart)(?:\#(alternation(GrammarWords.choices)))\#(wordEnd)" },
                { "name": "string.unquoted.word.vps", "match": "\#(word)" },
                { "name": "keyword.operator.vps", "match": "==|!=|<=|>=|\\.\\.|[-+*/%^<>]" },
                { "name": "constant.character.escape.continuation.vps", "match": "\\\\[ \\t]*$" }
              ]
            },
            "variable": {
              "match": "(\\$\#(name))((?:\\.\#(field))*)",
              "captures": {
                "1": { "name": "variable.other.vps" },
                "2": { "name": "variable.other.property.vps" }
              }
            },
            "string": {
              "name": "string.quoted.double.vps",
              "begin": "\"",
              "end": "\"",
              "patterns": [
                { "name": "constant.character.escape.vps", "match": "\\\\(?:[ntr\"\\\\{}]|u\\{[0-9A-Fa-f]{1,8}\\})" },
                { "name": "invalid.illegal.escape.vps", "match": "\\\\." },
                {
                  "name": "meta.interpolation.vps",
                  "begin": "\\{",
                  "end": "\\}|$",
                  "beginCaptures": { "0": { "name": "punctuation.section.interpolation.begin.vps" } },
                  "endCaptures": { "0": { "name": "punctuation.section.interpolation.end.vps" } },
                  "patterns": [
                    { "name": "constant.other.format.vps", "match": ":[<>]?[0-9]{0,3}(?:\\.[0-9]{1,2})?[e%]?(?=\\})" },
                    { "include": "#expression" }
                  ]
                }
              ]
            }
          }
        }

        """#
}
