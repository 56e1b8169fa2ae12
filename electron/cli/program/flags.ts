import { InvalidArgumentError, Option } from 'commander'
import { objectFormats, tabularFormats } from '../output/format'

/** `--output` of commands that print rows. */
const tabularOutput = (): Option => new Option('--output <format>', 'form of what is printed').choices([...tabularFormats]).default('table')

/** `--output` of commands that print one thing. */
export const objectOutput = (): Option => new Option('--output <format>', 'form of what is printed').choices([...objectFormats]).default('yaml')

/** `--output` of commands that have a form of their own beside. */
export const optionalOutput = (): Option => new Option('--output <format>', 'print it as data').choices([...objectFormats])

/** A new one for each command: commander keeps values in it. */
export const pretty = (): Option => new Option('--pretty', 'JSON on several lines')

/** Flags of everything that is a table. */
export const tableFlags = (): readonly Option[] => [
  tabularOutput(),
  pretty(),
  new Option('--hide-header', 'no line with the names of the columns'),
  new Option('--no-style', 'no colours, also on a terminal'),
  new Option('--wide', 'whole values, however long the lines get'),
]

/** A whole number from 0 to 4294967295. */
export function parseCount(text: string): number {
  if (/^\d{1,10}$/.test(text) && Number(text) <= 0xffff_ffff) return Number(text)
  throw new InvalidArgumentError(`It is not a number from 0 to 4294967295.`)
}

/** One of a few words, in any case; the message names them as Bacalhau does. */
export function oneOf(flag: string, words: readonly string[]): (text: string) => string {
  return (text) => {
    const found = words.find((word) => word === text.toLowerCase())
    if (found !== undefined) return found
    throw new InvalidArgumentError(`cannot use '${text}' as ${flag} value, should be one of: [${words.map((word) => `"${word}"`).join(' ')}]`)
  }
}
