import type { Command } from 'commander'

/**
 * What may stand in place of the last of `words` (a command line without the program's name; the last word may be empty): commands of a group, values of
 * a flag that takes only a few, flags where a dash is there. Empty where anything may stand, such as a file.
 */
export function candidates(program: Command, words: readonly string[]): readonly string[] {
  const last = words.at(-1) ?? ''
  const before = words.slice(0, -1)
  if (before.includes('--')) return []
  const command = commandOf(program, before)
  const options = command === program ? program.options : [...command.options, ...program.options]
  const flag = before.at(-1) ?? ''
  const taking = options.find((option) => option.required && (option.long === flag || option.short === flag))
  if (taking !== undefined) return fitting(taking.argChoices ?? [], last)
  if (last.startsWith('-')) {
    const flags = options.filter((option) => !option.hidden).flatMap(({ long }) => (long === undefined ? [] : [long]))
    return fitting([...new Set([...flags, '--help'])], last)
  }
  return fitting(
    command.commands.map((child) => child.name()),
    last,
  )
}

/** The command that the words name, flags and their values passed over. */
function commandOf(program: Command, words: readonly string[]): Command {
  let command = program
  let isValue = false
  for (const word of words) {
    const flag = [...command.options, ...program.options].find((option) => option.long === word || option.short === word)
    if (!isValue && flag === undefined) command = command.commands.find((child) => child.name() === word) ?? command
    isValue = !isValue && flag?.required === true
  }
  return command
}

function fitting(all: readonly string[], beginning: string): readonly string[] {
  return all.filter((one) => one.startsWith(beginning))
}
