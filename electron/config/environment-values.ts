import type { ConfigKey } from '../../shared/config/keys'
import { configKeys, lookUpKey } from '../../shared/config/keys'
import { closest } from '../../shared/config/closest'

/** A key that a variable sets. */
interface EnvironmentValue {
  readonly key: ConfigKey
  readonly text: string
  readonly variable: string
  /** The variable is not ours alone (`LOG_LEVEL`): a value that we cannot read is passed over. */
  readonly shared: boolean
}

/** Further names, beside `SHOAL_` or `BACALHAU_` and the key in capitals; they lose to the full names. */
const shortNames: Readonly<Record<string, readonly string[]>> = { DataDir: ['SHOAL_DIR', 'BACALHAU_DIR'], 'Logging.Level': ['LOG_LEVEL'] }

/** Variables of these prefixes that are no config keys. */
const others = new Set(['SHOAL_DIR', 'SHOAL_BIN', 'BACALHAU_DIR'])

/** The part of a variable's name that stands for a key: `API_PORT`. */
function variableOf(key: ConfigKey): string {
  return key.name.toUpperCase().replaceAll('.', '_')
}

/** Variables that may set a key, strongest first: `SHOAL_*`, then `BACALHAU_*`, then others; of each, the full name before the short one. */
function variablesOf(key: ConfigKey): readonly string[] {
  const name = variableOf(key)
  const all = [`SHOAL_${name}`, `BACALHAU_${name}`, ...(shortNames[key.name] ?? [])]
  const rank = (variable: string): number => (variable.startsWith('SHOAL_') ? 0 : variable.startsWith('BACALHAU_') ? 1 : 2)
  return all.sort((a, b) => rank(a) - rank(b))
}

/** The config keys that the environment sets. Empty variables count as unset. */
export function environmentValues(env: Readonly<Record<string, string | undefined>>): readonly EnvironmentValue[] {
  return configKeys.flatMap((key) => {
    const variable = variablesOf(key).find((name) => (env[name] ?? '') !== '')
    return variable === undefined ? [] : [{ key, text: env[variable] ?? '', variable, shared: !/^(SHOAL|BACALHAU)_/.test(variable) }]
  })
}

/** Said of `SHOAL_*` variables that are no key but nearly one. */
export function misspeltVariables(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const names = configKeys.map(variableOf)
  return Object.keys(env).flatMap((variable) => {
    const name = /^SHOAL_(.+)$/.exec(variable)?.[1]
    if (name === undefined || others.has(variable) || names.includes(name)) return []
    const meant = closest(name, names)
    return meant === undefined || lookUpKey(meant.replaceAll('_', '.')) === undefined
      ? []
      : [`The variable ${variable} sets nothing. Did you mean SHOAL_${meant}?`]
  })
}
