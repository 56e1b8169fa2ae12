import type { Command } from 'commander'
import { Argument } from 'commander'
import { completionScripts, shells } from '../completion/scripts'
import type { Shell } from '../completion/scripts'
import type { Session } from '../session'

const completionHelp = `
Examples:
  source <(shoal completion bash)                                  in ~/.bashrc
  source <(shoal completion zsh)                                   in ~/.zshrc, after compinit
  shoal completion fish > ~/.config/fish/completions/shoal.fish
  shoal completion powershell | Out-String | Invoke-Expression     in the profile of PowerShell`

/** `shoal completion SHELL` */
export function addCompletionCommand(program: Command, session: Session): void {
  program
    .command('completion')
    .description('print a script that lets a shell complete commands and flags')
    .addArgument(new Argument('<shell>', 'which shell').choices([...shells]))
    .addHelpText('after', completionHelp)
    .action((shell: Shell) => session.io.stdout.write(completionScripts[shell]))
}
