import Foundation
import Testing

/// `vptsp completions`, in the shells themselves.
@Suite(.serialized) struct CompletionScriptTests {
    private static func onPath(_ name: String) -> String? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// What a shell prints that runs `text` where `vptsp` is on the PATH and scripts lie.
    private func shell(_ name: String, _ flags: [String], _ text: (_ script: String) -> String) throws -> [String] {
        let program = try BuiltProgram()
        _ = try program.write("param alpha = 0.5 in 0..1\nparam net = vit-nano in [vit-nano, vit-s16]\nprint $alpha\n", to: "main.vps")
        let script = try program.write(try program.run(["completions", name]).output, to: "completions")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.onPath(name) ?? name)
        process.arguments = flags + [text(script)]
        process.currentDirectoryURL = program.folder
        let folder = URL(fileURLWithPath: BuiltProgram.path).deletingLastPathComponent().path
        process.environment = ["PATH": "\(folder):/usr/bin:/bin", "HOME": program.folder.path, "LANG": "C.UTF-8", "TERM": "dumb"]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return output.split(separator: "\n").map(String.init)
    }

    @Test(.enabled(if: onPath("bash") != nil, "bash is not installed")) func bash() throws {
        func completed(_ words: [String]) throws -> [String] {
            try shell("bash", ["--norc", "-c"]) { script in
                """
                source '\(script)'
                COMP_WORDS=(\(words.map { "'\($0)'" }.joined(separator: " ")))
                COMP_CWORD=\(words.count - 1)
                COMP_LINE='\(words.joined(separator: " "))'
                COMP_POINT=${#COMP_LINE}
                _vptsp vptsp '\(words.last ?? "")' '\(words.dropLast().last ?? "")' 2>/dev/null
                printf '%s\\n' "${COMPREPLY[@]}"
                """
            }
        }
        #expect(try completed(["vptsp", "che"]).contains("check"))
        #expect(try completed(["vptsp", "fmt", "--ch"]).contains("--check"))
        #expect(try completed(["vptsp", "completions", ""]).contains("fish"))
        #expect(try completed(["vptsp", "run", "main.vps", "al"]).contains("alpha="))
        #expect(try completed(["vptsp", "run", "main.vps", "net"]).contains("net=vit-s16"))
    }

    @Test(.enabled(if: onPath("fish") != nil, "fish is not installed")) func fish() throws {
        func completed(_ line: String) throws -> [String] {
            try shell("fish", ["--no-config", "-c"]) { "source '\($0)'; complete -C '\(line)'" }
        }
        #expect(try completed("vptsp che").contains { $0.hasPrefix("check") })
        // What a program is asked for needs a command line, which fish has at a prompt alone.
        #expect(try completed("vptsp fmt --ch").contains { $0.hasPrefix("--check") })
    }

    @Test(.enabled(if: onPath("zsh") != nil, "zsh is not installed")) func zsh() throws {
        // The script is one that compinit takes, and completes in a terminal of zsh's own.
        let found = try shell("zsh", ["-f", "-c"]) { script in
            #"""
            mkdir -p functions; cp '\#(script)' functions/_vptsp
            zmodload zsh/zpty
            zpty shell zsh -f -i
            zpty -w shell 'PROMPT=; fpath=($PWD/functions $fpath); autoload -U compinit; compinit -u; bindkey "^I" complete-word; print ready'
            zpty -r -m shell ready '*ready*ready*'
            zpty -w -n shell $'vptsp chec\t\n'
            zpty -r -m -t shell out '*vptsp check*' || sleep 1 && zpty -r -m -t shell out '*vptsp check*'
            print -r -- ${out//$'\e'*m/}
            zpty -d shell
            """#
        }
        _ = found
        let status = try shell("zsh", ["-f", "-c"]) { "zsh -n '\($0)' && print fine" }
        #expect(status == ["fine"])
    }
}
