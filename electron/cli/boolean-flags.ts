import type { Command } from 'commander'
import { AppError } from '../../shared/errors'

/**
 * `--flag=true` and `--flag=false` as the parser takes them: the flag, or its `--no-` form, or nothing where it is off anyway. Nothing after `--` is looked at.
 * @throws AppError `cli.bad-value` for any other value of a flag that is on or off
 */
export function plainBooleans(args: readonly string[], command: Command): string[] {
  const rest = args.includes('--') ? args.slice(args.indexOf('--')) : []
  const looked = args.slice(0, args.length - rest.length)
  const isOption = (name: string): boolean => command.options.some((option) => option.long === name)
  const plain = looked.flatMap((argument) => {
    const [, flag = '', value = ''] = /^(--[^=]+)=(.*)$/s.exec(argument) ?? []
    const option = command.options.find(({ long }) => long === flag)
    if (option === undefined || option.required || option.optional) return [argument]
    if (/^(1|t|true)$/i.test(value)) return [flag]
    const opposite = flag.startsWith('--no-') ? `--${flag.slice('--no-'.length)}` : `--no-${flag.slice(2)}`
    if (/^(0|f|false)$/i.test(value)) return isOption(opposite) ? [opposite] : []
    throw new AppError('cli.bad-value', `${flag} cannot be "${value}". It is true or false.`)
  })
  return [...plain, ...rest]
}
