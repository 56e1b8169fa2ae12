import { CommanderError } from 'commander'
import type { Command } from 'commander'
import { takeConfigFlags } from '../config/parsed-flags'
import { plainBooleans } from './boolean-flags'
import { explainParserError, unknownCommand } from './command-line-error'
import type { HostLauncher } from '../local/hosts/host-launcher'
import type { CliIo } from './io'
import { takeProfileFlag } from './profiles/take-profile-flag'
import { createProgram } from './program'
import { createSession } from './session'

/** Runs every command but `serve`. Resolves with the exit code; throws what went wrong. */
export async function runProgram(args: readonly string[], io: CliIo, launcher?: () => Promise<HostLauncher>): Promise<number> {
  const { flags, rest: words } = takeConfigFlags(args)
  const { profile, rest } = takeProfileFlag(words)
  let exitCode = 0
  const program = createProgram(createSession(io, flags, profile), {
    done: (code) => (exitCode = code),
    ...(launcher === undefined ? {} : { launcher }),
  })
  try {
    const asked = rest.length === 0 ? ['--help'] : withHelpWord(program, rest)
    refuseUnknown(program, asked)
    const plain = plainBooleans(withHelpForGroups(program, asked), commandAt(program, asked).command)
    await program.parseAsync(plain, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return 0
    throw explainParserError(error, commandAt(program, rest).command)
  }
  return exitCode
}

/** The command that the words name, as far as they do, and how many words that takes. */
function commandAt(program: Command, words: readonly string[]): { readonly command: Command; readonly depth: number } {
  let command = program
  let depth = 0
  for (const word of words) {
    const next = command.commands.find((child) => child.name() === word)
    if (next === undefined) break
    command = next
    depth += 1
  }
  return { command, depth }
}

/** A group alone (`shoal node`) asks for its help. */
function withHelpForGroups(program: Command, words: readonly string[]): readonly string[] {
  const { command, depth } = commandAt(program, words)
  return command.commands.length > 0 && depth === words.length ? [...words, '--help'] : words
}

/** The parser would answer `shoal nope --help` with the help of the group. */
function refuseUnknown(program: Command, words: readonly string[]): void {
  const { command, depth } = commandAt(program, words)
  const word = words[depth]
  if (command.commands.length > 0 && word !== undefined && !word.startsWith('-')) throw unknownCommand(word, command)
}

/** `shoal help node list` is `shoal node list --help`; a word that is no command is a fault. */
function withHelpWord(program: Command, rest: readonly string[]): readonly string[] {
  const [first, ...words] = rest
  if (first !== 'help') return rest
  const { command, depth } = commandAt(program, words)
  const wrong = words[depth]
  if (wrong !== undefined && !wrong.startsWith('-')) throw unknownCommand(wrong, command)
  return [...words, '--help']
}
