import Foundation
import Testing

/// `vptsp fmt`.
@Suite(.serialized) struct FormatCommandTests {
    private let untidy = "seed   0;threads 2 # two\n\n\n\nprint(1)\n"
    private let tidy = "seed 0\nthreads 2  # two\n\nprint 1\n"

    @Test func filesAreWrittenInPlace() throws {
        let program = try BuiltProgram()
        let first = try program.write(untidy, to: "a.vps")
        let second = try program.write(tidy, to: "b.vps")
        try FileManager.default.setAttributes([.posixPermissions: 0o750], ofItemAtPath: first)
        let link = program.folder.appendingPathComponent("link.vps").path
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "a.vps")

        let checked = try program.run(["fmt", "--check", first, second])
        #expect(checked.status == 1)
        #expect(checked.output == "\(first)\n")
        #expect(try String(contentsOfFile: first, encoding: .utf8) == untidy)

        #expect(try program.run(["fmt", link, second]).status == 0)
        #expect(try String(contentsOfFile: first, encoding: .utf8) == tidy)
        let attributes = try FileManager.default.attributesOfItem(atPath: first)
        #expect(attributes[.posixPermissions] as? Int == 0o750)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "a.vps")
        #expect(try program.run(["fmt", "--check", first, second]).status == 0)
    }

    @Test func standardInputGoesToStandardOutput() throws {
        let program = try BuiltProgram()
        #expect(try program.run(["fmt", "-"], input: untidy).output == tidy)
        let checked = try program.run(["fmt", "--check", "-"], input: untidy)
        #expect(checked.status == 1 && checked.output == "-\n")
    }

    @Test func whatIsNoScriptStays() throws {
        let program = try BuiltProgram()
        let broken = try program.write("let = 3\n", to: "a.vps")
        let result = try program.run(["fmt", broken])
        #expect(result.status == 65)
        #expect(result.errors.contains("a.vps:1:5"))
        #expect(try String(contentsOfFile: broken, encoding: .utf8) == "let = 3\n")
        #expect(try program.run(["fmt", "absent.vps"]).status == 66)
        #expect(try program.run(["fmt"]).status == 64)
    }
}
