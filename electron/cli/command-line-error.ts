import type { Command, CommanderError } from 'commander'
import { AppError } from '../../shared/errors'
import { closest } from '../../shared/config/closest'

/** The AppError for what the parser found wrong: the fault named as on the command line, with the nearest thing there is. */
export function explainParserError(error: CommanderError, command: Command): AppError {
  const hint = `Run \`${pathOf(command)} --help\` for how it is used.`
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? ''
  switch (error.code) {
    case 'commander.unknownOption': {
      const flag = quoted.split('=')[0] ?? quoted
      const flags = command.options.flatMap((option) => [option.long, option.short].filter((name) => name !== undefined))
      return new AppError('cli.unknown-flag', `unknown flag: ${flag}${didYouMean(closest(flag, flags))}`, { hint })
    }
    case 'commander.unknownCommand':
      return unknownCommand(quoted, command)
    case 'commander.missingArgument':
      return new AppError(
        'cli.missing-argument',
        `${pathOf(command)} needs ${quoted === '' ? 'an argument' : `the argument ${quoted.toUpperCase()}`}.`,
        { hint },
      )
    case 'commander.excessArguments': {
      // A group takes no arguments: the word was meant as one of its commands.
      const [word] = command.args
      return command.commands.length > 0 && word !== undefined
        ? unknownCommand(word, command)
        : new AppError('cli.too-many-arguments', `${pathOf(command)} was given too many arguments: ${command.args.join(' ')}.`, { hint })
    }
    case 'commander.optionMissingArgument':
      return new AppError('cli.missing-value', `Flag ${flagIn(quoted)} needs a value.`, { hint })
    case 'commander.invalidArgument':
      return new AppError('cli.bad-value', invalidValue(error.message), { hint })
    default:
      return new AppError('cli.usage', error.message.replace(/^error: /, ''), { hint })
  }
}

/** A word that is no command of this group. */
export function unknownCommand(word: string, command: Command): AppError {
  const near = closest(
    word,
    command.commands.map((child) => child.name()),
  )
  return new AppError('cli.unknown-command', `unknown command "${word}" for "${pathOf(command)}"${didYouMean(near)}`, {
    hint: `Run \`${pathOf(command)} --help\` for all commands.`,
  })
}

function didYouMean(meant: string | undefined): string {
  return meant === undefined ? '' : `. Did you mean ${meant}?`
}

/** The parser's text ends with our own reason; where it lists choices, that is said in our form. */
function invalidValue(message: string): string {
  const [, wrong, argument, choices] =
    /^error: command-argument value '(.*)' is invalid for argument '(.*)'\. Allowed choices are (.*)$/s.exec(message) ?? []
  if (wrong !== undefined) return `${argument ?? ''} cannot be "${wrong}". It is one of ${choices ?? ''}`
  const [, flag = '', value = '', reason = ''] =
    /^error: (?:option|command-argument value|argument)?\s*'?([^']*)'? argument '(.*)' is invalid\. ?(.*)$/s.exec(message) ?? []
  if (flag === '') return message.replace(/^error: /, '')
  if (reason.startsWith('cannot use')) return reason
  return `${flagIn(flag)} cannot be "${value}". ${reason.replace(/^Allowed choices are /, 'It is one of ')}`
}

/** `--order-by <field>` → `--order-by` */
function flagIn(text: string): string {
  return text.split(/[ ,]+/).find((part) => part.startsWith('--')) ?? text
}

function pathOf(command: Command): string {
  const parent = command.parent
  return parent === null ? command.name() : `${pathOf(parent)} ${command.name()}`
}
