import { AppError } from '../../../shared/errors'

/**
 * Takes `--profile NAME` out of a command line, wherever it stands before `--`. `rest` is what is left, in order.
 * Throws `cli.missing-value`.
 */
export function takeProfileFlag(args: readonly string[]): { readonly profile?: string; readonly rest: readonly string[] } {
  const rest: string[] = []
  let profile: string | undefined
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index] ?? ''
    if (argument === '--') {
      rest.push(...args.slice(index))
      break
    }
    const [flag, ...value] = argument.split('=')
    if (flag !== '--profile') {
      rest.push(argument)
      continue
    }
    profile = value.length > 0 ? value.join('=') : args[(index += 1)]
    if (profile === undefined || profile === '')
      throw new AppError('cli.missing-value', 'Flag --profile needs a value.', { hint: 'Run `shoal profile list` to see all profiles.' })
  }
  return { rest, ...(profile === undefined ? {} : { profile }) }
}
