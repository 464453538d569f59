import ArgumentParser
import Foundation
import Reporting

extension VPTSP {
    struct Completions: ParsableCommand {
        enum Shell: String, CaseIterable, ExpressibleByArgument {
            case bash, zsh, fish
        }

        static let configuration = CommandConfiguration(
            abstract: "Print what makes a shell complete the command line.",
            discussion: """
                bash: `vptsp completions bash > ~/.local/share/bash-completion/completions/vptsp`; zsh: `vptsp completions \
                zsh > DIR/_vptsp` for a DIR of `$fpath`; fish: `vptsp completions fish > \
                ~/.config/fish/completions/vptsp.fish`.
                """
        )

        @Argument(help: "The shell: bash, zsh or fish.")
        var shell: Shell

        func run() throws {
            let kind: CompletionShell = switch shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
            Terminal.standardOutput.write(VPTSP.completionScript(for: kind) + "\n")
        }
    }
}
