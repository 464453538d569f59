import Foundation
import Testing

/// The runtime folder, in Vim and in Neovim.
@Suite struct VimRuntimeTests {
    static let editors = ["vim", "nvim"]

    /// Runs commands in an editor that has the sample open; what they put into `out` comes back.
    private func edited(_ editor: String, _ sample: String, _ commands: String) throws -> [String] {
        let scratch = try Scratch()
        let script = try scratch.write(
            """
            set nocompatible runtimepath^=\(Repository.root.path)/Grammar/vim
            let g:vptsp_command = ''
            filetype plugin indent on
            syntax on
            edit \(try scratch.write(sample, "sample.vps"))
            let out = []
            \(commands)
            call writefile(out, '\(scratch.folder.path)/out')
            qa!
            """, "commands.vim")
        let flags = editor == "nvim" ? ["--headless", "-u", "NONE"] : ["-es", "-N", "-u", "NONE"]
        _ = try Program.run(editor, flags + ["-S", script])
        let output = try String(contentsOfFile: scratch.folder.path + "/out", encoding: .utf8)
        return output.split(separator: "\n").map(String.init)
    }

    @Test(arguments: editors) func coloursTheSample(_ editor: String) throws {
        try skip(without: editor) {
            let found = Set(
                try edited(
                    editor, colouredSample,
                    """
                    for l in range(1, line('$'))
                      let last = ''
                      for c in range(1, len(getline(l)) + 1)
                        let name = synIDattr(synID(l, c, 1), 'name')
                        if name != last | call add(out, l . ':' . c . ' ' . name) | let last = name | endif
                      endfor
                    endfor
                    call add(out, &filetype . ' ' . &commentstring)
                    """))
            let expected = [
                "vps # %s", "1:1 vpsKeyword", "1:5 vpsNumber", "1:8 vpsComment", "2:7 vpsName", "2:19 vpsWordOperator", "2:25 vpsNumber",
                "3:1 vpsCommand", "3:6 vpsChoice", "3:14 vpsOption", "3:24 vpsEscape", "3:27 vpsVariable", "3:29 vpsFormat",
                "4:9 vpsChoice", "4:46 vpsArrow", "4:49 vpsResult", "5:4 vpsVariable", "5:8 vpsField", "5:20 vpsFunction",
                "5:35 vpsBoolean", "5:42 vpsCall", "5:48 vpsNumber", "5:53 vpsOption", "5:59 vpsKeyword", "5:90 vpsBadEscape",
                "6:5 vpsName", "6:24 vpsKeyword", "6:28 vpsName", "7:1 vpsCommand", "7:16 vpsCommand", "7:21 vpsChoice",
            ]
            for place in expected { #expect(found.contains(place), "\(place)") }
        }
    }

    @Test(arguments: editors) func indents(_ editor: String) throws {
        try skip(without: editor) {
            let tidy = """
                def trial(n) {
                  if $n > 3 {
                    print "{"  # }
                  } else {
                    train epochs=$n \\
                        batch=64 \\
                        per-class=2
                    eval
                  }
                }
                let grid = [
                    1,
                    2,
                ]
                trial 3
                """
            // Without any indentation.
            let flat = tidy.split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: "\n")
            let found = try edited(editor, flat, "normal! gg=G\nlet out = getline(1, '$')")
            #expect(found.joined(separator: "\n") == tidy)
        }
    }

    private func skip(without editor: String, _ body: () throws -> Void) throws {
        guard Program.exists(editor) else { return print("skipped: \(editor) is not installed") }
        try body()
    }
}
