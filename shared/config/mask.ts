import type { ConfigKey } from './keys'
import { configKeys, valueAt } from './keys'
import type { Config } from './schema'

/** What stands in place of a secret, as in Bacalhau's `agent config`. */
export const MASK = '********'

/** An address without the token or password before its host: `nats://TOKEN@host` becomes `nats://********@host`. */
export function maskAddress(address: string): string {
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(address)?.[0] ?? ''
  const rest = address.slice(scheme.length)
  const at = rest.lastIndexOf('@')
  return at < 0 ? address : `${scheme}${MASK}${rest.slice(at)}`
}

/** One value of a key, fit to be shown. Empty secrets stay empty, so that "not set" can be told. */
export function maskValue(key: ConfigKey, value: unknown): unknown {
  if (key.name === 'Compute.Orchestrators') return Array.isArray(value) ? value.map((address) => maskList(String(address))) : value
  if (key.secret !== true) return typeof value === 'string' ? maskUrlPassword(value) : value
  if (Array.isArray(value)) return value.map(maskRecord)
  return value === '' || value === undefined || value === null ? value : MASK
}

/** The environment gives several addresses as one element, commas within. */
function maskList(addresses: string): string {
  return addresses.split(',').map(maskAddress).join(',')
}

/** Rather too much than too little: whatever stands before an @ in a URL. */
function maskUrlPassword(value: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/.*@/i.test(value) ? maskAddress(value) : value
}

function maskRecord(record: unknown): unknown {
  if (typeof record !== 'object' || record === null) return MASK
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, /^(password|apikey)$/i.test(name) && value !== '' ? MASK : value]))
}

/** A copy of the configuration with every secret masked: tokens, passwords, API keys, tokens inside addresses. */
export function maskConfig(config: Config): Config {
  const masked = structuredClone(config) as Record<string, unknown>
  for (const key of configKeys) {
    const parent = valueAt(masked, key.path.slice(0, -1))
    const name = key.path[key.path.length - 1]
    if (typeof parent !== 'object' || parent === null || name === undefined) continue
    const holder = parent as Record<string, unknown>
    holder[name] = maskValue(key, holder[name])
  }
  return masked as Config
}

/** The secrets that a configuration holds, for a redactor: tokens, passwords, API keys, tokens inside addresses. Without empty ones. */
export function secretsOf(config: Config): readonly string[] {
  const inAddresses = config.Compute.Orchestrators.flatMap((addresses) => addresses.split(',')).map((address) => {
    const rest = address.trim().replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
    return rest.includes('@') ? rest.slice(0, rest.lastIndexOf('@')) : ''
  })
  const ofUsers = config.API.Auth.Users.flatMap((user) => [user.Password ?? '', user.APIKey ?? ''])
  return [...new Set([config.Orchestrator.Auth.Token, config.Compute.Auth.Token, ...inAddresses, ...ofUsers])].filter((secret) => secret !== '')
}
