import { AppError } from '../../shared/errors'
import { findKey, lookUpKey } from '../../shared/config/keys'

/** A config key that was given as a flag of its own: `--api-port 1`, `--Compute.Orchestrators=a:4222`. */
export interface KeyFlag {
  readonly name: string
  readonly text: string
  /** As it was typed, without the value; for error texts. */
  readonly flag: string
}

/** What a command line says of the configuration. */
export interface ParsedFlags {
  /** Arguments of `-c` and `--config`, in order: `key=value`, a boolean key, or a file. */
  readonly config: readonly string[]
  readonly keys: readonly KeyFlag[]
  readonly dataDir?: string
}

/** As on a command line without any. */
export const noFlags: ParsedFlags = { config: [], keys: [] }

/** Flags with names of their own, as in Bacalhau. */
const named: ReadonlyMap<string, string> = new Map([
  ['--api-host', 'API.Host'],
  ['--api-port', 'API.Port'],
  ['--log-level', 'Logging.Level'],
])

/**
 * Takes the configuration out of a command line: `-c`, `--config`, `--data-dir`, `--api-host`, `--api-port`, `--log-level`, and
 * every key as a flag (`--API.Port=1`, in any case where it has a dot). `rest` is what is left, in order; nothing after `--` is looked at.
 * Throws `cli.missing-value` and `config.unknown-key`.
 */
export function takeConfigFlags(argv: readonly string[]): { readonly flags: ParsedFlags; readonly rest: readonly string[] } {
  const config: string[] = []
  const keys: KeyFlag[] = []
  const rest: string[] = []
  let dataDir: string | undefined
  for (let index = 0; index < argv.length; index += 1) {
    const argument = argv[index] ?? ''
    if (argument === '--') {
      rest.push(...argv.slice(index))
      break
    }
    const { flag, value } = split(argument)
    const text = (): string => {
      if (value !== undefined) return value
      index += 1
      const next = argv[index]
      if (next === undefined) throw new AppError('cli.missing-value', `Flag ${flag} needs a value.`)
      return next
    }
    const name = keyOf(flag)
    if (flag === '-c' || flag === '--config') config.push(text())
    else if (flag === '--data-dir') dataDir = text()
    else if (name === undefined) rest.push(argument)
    else if (value === undefined && lookUpKey(name)?.kind === 'boolean') keys.push({ name, text: 'true', flag })
    else keys.push({ name, text: text(), flag })
  }
  return { flags: { config, keys, ...(dataDir === undefined ? {} : { dataDir }) }, rest }
}

function split(argument: string): { readonly flag: string; readonly value?: string } {
  if (/^-c[^-]/.test(argument)) return { flag: '-c', value: argument.slice(argument.startsWith('-c=') ? 3 : 2) }
  const equals = argument.indexOf('=')
  if (!argument.startsWith('--') || equals < 0) return { flag: argument }
  return { flag: argument.slice(0, equals), value: argument.slice(equals + 1) }
}

/** The key that a flag stands for; undefined for flags that are none of ours. A key without a dot needs its exact spelling: `--labels` is another flag. */
function keyOf(flag: string): string | undefined {
  const name = named.get(flag)
  if (name !== undefined) return name
  if (!flag.startsWith('--')) return undefined
  const key = flag.slice(2)
  if (key.includes('.')) return findKey(key).name
  return lookUpKey(key)?.name === key ? key : undefined
}
