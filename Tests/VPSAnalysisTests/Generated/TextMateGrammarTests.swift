import Foundation
import Testing

@Suite struct TextMateGrammarTests {
    /// Every token of the sample with its scope, found by a program that reads the grammar as editors do.
    @Test(.enabled(if: Program.exists("python3"), "python3 is not installed"))
    func coloursTheSample() throws {
        let scratch = try Scratch()
        let result = try Program.run(
            "python3",
            [
                Repository.root.appendingPathComponent("Scripts/check-textmate.py").path,
                Repository.root.appendingPathComponent("Grammar/vps.tmLanguage.json").path,
                try scratch.write(colouredSample, "sample.vps"),
            ])
        #expect(result.status == 0)
        let found = Set(result.output.split(separator: "\n").map(String.init))
        let expected = """
            1:1 keyword.control.vps vps
            1:8 comment.line.number-sign.vps # note
            2:7 variable.other.definition.vps alpha
            2:19 keyword.operator.word.vps in
            2:25 constant.numeric.vps 1
            3:1 support.function.command.vps load
            3:6 support.constant.vps vit-s16
            3:14 variable.parameter.option.vps weights
            3:24 constant.character.escape.vps \\n
            3:27 variable.other.vps $x
            3:29 constant.other.format.vps :.3
            4:9 support.constant.vps gru
            4:19 variable.other.vps $alpha
            4:49 variable.other.definition.vps fit
            5:8 variable.other.property.vps .recall@1
            5:20 support.function.builtin.vps log
            5:35 constant.language.boolean.vps true
            5:42 entity.name.function.call.vps trial
            5:48 constant.numeric.vps 4GiB
            5:53 variable.parameter.option.vps k
            5:59 keyword.control.vps else
            5:90 invalid.illegal.escape.vps \\q
            6:5 variable.other.definition.vps a, b
            6:24 keyword.control.vps let
            6:32 constant.numeric.vps 5e-3
            7:1 support.function.command.vps train
            7:16 support.function.command.vps eval
            7:21 support.constant.vps map
            """
        for line in expected.split(separator: "\n") { #expect(found.contains(String(line)), "\(line)") }
    }

    @Test func theFolderIsAnExtensionOfVSCode() throws {
        let folder = Repository.root.appendingPathComponent("Grammar")
        func json(_ name: String) throws -> [String: Any] {
            let data = try Data(contentsOf: folder.appendingPathComponent(name))
            return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        }
        let contributes = try #require(try json("package.json")["contributes"] as? [String: Any])
        let grammar = try #require((contributes["grammars"] as? [[String: Any]])?.first)
        #expect(grammar["scopeName"] as? String == "source.vps")
        #expect(try json(try #require(grammar["path"] as? String))["scopeName"] as? String == "source.vps")
        let language = try #require((contributes["languages"] as? [[String: Any]])?.first)
        _ = try json(try #require(language["configuration"] as? String))
    }
}
