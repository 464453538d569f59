import ArgumentParser
import Foundation
import Interpreter
import REPL

/// The command line. Without a subcommand: the prompt.
@main
struct VPTSP: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vptsp",
        abstract: "Learns semantic proxies from visual prompts: parameter-efficient deep metric learning.",
        usage: """
            vptsp [--transcript FILE]
            vptsp run FILE [name=value …]
            vptsp resume RUN
            vptsp replay RUN
            vptsp sweep FILE name=values … [seeds=N jobs=N …]
            vptsp check FILE …
            vptsp fmt [--check] FILE …
            vptsp compare RUN RUN
            vptsp runs [CONDITION]
            vptsp table paper1 RUN …
            vptsp report RUN …
            vptsp plot RUN …
            vptsp help [TOPIC]
            """,
        discussion: "Without a subcommand, commands are read at a prompt, or from standard input when that is a pipe.",
        version: "vptsp \(Version.text)",
        subcommands: [Run.self, Resume.self, Replay.self, Sweep.self, Check.self, Format.self, Serve.self, Completions.self, Help.self, Compare.self, Table.self, Runs.self, Report.self, Plot.self, Fetch.self, Verify.self, SweepWorker.self]
    )

    static func main() {
        // A file that grows beyond `ulimit -f` is then an error of that write, with words, and not the end of the process.
        signal(SIGXFSZ, SIG_IGN)
        main(nil)
    }

    @Option(help: ArgumentHelp("Write what succeeds in this session to a script.", valueName: "file"))
    var transcript: String?

    func run() throws {
        let transcript: Transcript?
        do {
            transcript = try self.transcript.map(Transcript.init(path:))
        } catch {
            throw failure(error)
        }
        let repl = REPL(driver: SessionDriver(), transcript: transcript)
        try leave(repl.run(greeting: "vptsp \(Version.text). `help` lists the commands, Tab completes, Ctrl-D leaves."))
    }
}
