import { AppError } from '../../shared/errors'
import { closest } from '../../shared/config/closest'
import type { KeyFlag, ParsedFlags } from './parsed-flags'
import { takeConfigFlags } from './parsed-flags'

/** What `shoal serve` was asked to do. */
interface ServeArguments {
  /** The roles stand in it as `Orchestrator.Enabled` and `Compute.Enabled`. */
  readonly flags: ParsedFlags
  /** `--name`: of a new node; a node that has a name keeps it. */
  readonly name?: string
  readonly help: boolean
}

const roles: ReadonlyMap<string, string> = new Map([
  ['--orchestrator', 'Orchestrator.Enabled'],
  ['--compute', 'Compute.Enabled'],
])
const known = [...roles.keys(), '--name', '--help', '--config', '--api-host', '--api-port', '--data-dir', '--log-level']

/**
 * Reads what follows `serve` on the command line, without the library that the other commands use: a node must be up in no time.
 * Throws `cli.unknown-flag`, `cli.unexpected-argument` and `cli.missing-value`, each with the fault named.
 */
export function parseServeArguments(argv: readonly string[]): ServeArguments {
  const { flags, rest } = takeConfigFlags(argv)
  const keys: KeyFlag[] = [...flags.keys]
  let name: string | undefined
  let help = false
  for (let index = 0; index < rest.length; index += 1) {
    const argument = rest[index] ?? ''
    const equals = argument.indexOf('=')
    const flag = equals < 0 ? argument : argument.slice(0, equals)
    const value = equals < 0 ? undefined : argument.slice(equals + 1)
    const role = roles.get(flag)
    if (role !== undefined) keys.push({ name: role, text: value ?? 'true', flag })
    else if (flag === '--help' || flag === '-h') help = true
    else if (flag === '--name') name = value ?? rest[(index += 1)] ?? missing(flag)
    else refuse(argument, flag)
  }
  return { flags: { ...flags, keys }, help, ...(name === undefined ? {} : { name }) }
}

function missing(flag: string): never {
  throw new AppError('cli.missing-value', `Flag ${flag} needs a value.`)
}

function refuse(argument: string, flag: string): never {
  const hint = 'Run `shoal serve --help` for all flags.'
  if (!argument.startsWith('-')) throw new AppError('cli.unexpected-argument', `serve takes no argument "${argument}".`, { hint })
  const meant = closest(flag, known)
  throw new AppError('cli.unknown-flag', `unknown flag: ${flag}${meant === undefined ? '' : `. Did you mean ${meant}?`}`, { hint })
}
