import { configKeys, valueAt } from '../../shared/config/keys'
import type { Config } from '../../shared/config/schema'

/** Pure: names of the keys that differ: `used` by a running node at once, `waiting` for its next start. */
export function compareConfigs(before: Config, after: Config): { readonly used: readonly string[]; readonly waiting: readonly string[] } {
  const changed = configKeys.filter(({ path }) => JSON.stringify(valueAt(before, path)) !== JSON.stringify(valueAt(after, path)))
  const isLive = ({ effect }: (typeof configKeys)[number]): boolean => effect === 'live' || effect === 'reconnect'
  return { used: changed.filter(isLive).map(({ name }) => name), waiting: changed.filter((key) => !isLive(key)).map(({ name }) => name) }
}
