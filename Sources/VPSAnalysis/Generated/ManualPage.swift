import CommandCatalog
import CommandSchema

/// Docs/man/vptsp.1, in the man macros that groff and mandoc both read.
enum ManualPage {
    static func file(_ program: ProgramDescription) -> GeneratedFile {
        GeneratedFile(path: "Docs/man/vptsp.1", text: lines(program.command).joined(separator: "\n") + "\n")
    }

    /// roff asks for one; a page made from the sources has none but that of this form of it.
    private static let date = "2026-11-23"

    private static func lines(_ program: ProgramDescription.Command) -> [String] {
        var lines = [
            #".\" Written by generate-vptsp from the catalog and the command line. Change those, not this file."#,
            ".TH VPTSP 1 \(date) vptsp \"User Commands\"",
            ".SH NAME", "vptsp \\- deep metric learning with semantic proxies and visual prompts",
            ".SH SYNOPSIS",
        ]
        lines += synopsis("vptsp", program)
        for command in program.shown { lines += [".br"] + synopsis("vptsp \(command.commandName)", command) }
        lines += [".SH DESCRIPTION", roff(program.abstract ?? "")]
        if let discussion = program.discussion { lines += [".PP", roff(discussion)] }
        lines += [".PP", roff("A script is checked as a whole before any of it runs. What a script may hold is below; `vptsp help NAME` explains each command, `vptsp help search WORDS` finds one.")]
        lines += options(program)

        lines.append(".SH SUBCOMMANDS")
        for command in program.shown {
            lines += [".SS " + roff("vptsp \(command.commandName)"), roff(command.abstract ?? "")]
            if let discussion = command.discussion { lines += [".PP", roff(discussion)] }
            lines += options(command)
        }
        lines += [".SH LANGUAGE", roff("Commands of scripts and of the prompt.")]
        for topic in CommandTopic.allCases {
            let members = Catalog.commands.filter { $0.topic == topic }
            guard !members.isEmpty else { continue }
            lines.append(".SS " + roff(topic.title))
            for command in members { lines += term(command.name, command.summary + ".") }
        }
        lines += [".SS The language itself"]
        for topic in Catalog.languageTopics { lines += term(topic.name, topic.summary + ".") }
        lines.append(".SH EXIT STATUS")
        for (status, meaning) in statuses { lines += term("\(status)", meaning) }
        lines.append(".SH ENVIRONMENT")
        for (name, meaning) in environment { lines += term(name, meaning) }
        lines.append(".SH FILES")
        lines += term("runs/", "Beside the script, or in the working directory at the prompt: one folder for each training.")
        lines += term("~/.local/state/vptsp/history", "Statements typed at the prompt.")
        lines += [
            ".SH EXAMPLES", roff("Check a script, then run it with another value of its parameter:"), ".PP", ".RS 4", ".nf",
            roff("vptsp check ablation.vps"), roff("vptsp run ablation.vps alpha=0.3"), ".fi", ".RE",
        ]
        return lines
    }

    private static let statuses = [
        (0, "All went well."), (1, "`fmt --check` found a file to change, or a case of `verify` failed."), (64, "Wrong usage."),
        (65, "A script was rejected before it ran."), (66, "A file is missing."), (70, "A statement failed while it ran."),
        (130, "Interrupted; what was done is kept."),
    ]

    private static let environment = [
        ("NO_COLOR", "When set, output has no colour."),
        ("VPTSP_WEIGHTS", "A file of pretrained weights, or a folder with such files."),
        ("VPTSP_HUB", "Where `fetch` downloads from, instead of Hugging Face."),
        ("XDG_STATE_HOME", "Where the history lies, instead of ~/.local/state."),
    ]

    // MARK: Pieces

    private static func synopsis(_ name: String, _ command: ProgramDescription.Command) -> [String] {
        let words = command.ownArguments.map { argument in
            argument.synopsis.split(separator: " ").map { String($0).roffEscaped }.joined(separator: "\\ ")
        }
        return ["\\fB\(name.roffEscaped)\\fR" + words.map { " " + $0 }.joined()]
    }

    private static func options(_ command: ProgramDescription.Command) -> [String] {
        command.ownArguments.flatMap { argument -> [String] in
            let isTold = argument.defaultValue.map { !$0.isEmpty && $0 != "false" } ?? false
            let text = (argument.abstract ?? "") + (isTold ? " Default: \(argument.defaultValue ?? "")." : "")
            return text.isEmpty ? [] : term(argument.spelling, text)
        }
    }

    private static func term(_ name: String, _ text: String) -> [String] {
        [".TP", "\\fB\(name.roffEscaped)\\fR", roff(text)]
    }

    /// A paragraph in lines of at most 80 columns; what stands in backquotes becomes bold.
    private static func roff(_ text: String) -> String {
        var lines: [String] = []
        for word in marked(text).split(separator: " ") {
            if let line = lines.last, line.utf8.count + word.utf8.count < 80 {
                lines[lines.count - 1] = "\(line) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines.map { $0.hasPrefix(".") || $0.hasPrefix("'") ? "\\&\($0)" : $0 }.joined(separator: "\n")
    }

    private static func marked(_ text: String) -> String {
        let pieces = text.split(separator: "`", omittingEmptySubsequences: false)
        var result = ""
        for (index, piece) in pieces.enumerated() {
            let escaped = piece.split(whereSeparator: \.isNewline).joined(separator: " ").roffEscaped
            result += index % 2 == 1 ? "\\fB\(escaped)\\fR" : escaped
        }
        return result
    }
}

extension String {
    /// Text in which roff sees nothing to obey.
    fileprivate var roffEscaped: String {
        var result = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "\\": result += "\\e"
            case "-": result += "\\-"
            case _ where scalar.isASCII: result.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                result += "\\[u\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)]"
            }
        }
        return result
    }
}
