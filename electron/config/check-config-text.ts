import type { ConfigProblem } from '../../shared/cluster'
import { configKeys } from '../../shared/config/keys'
import { configRules } from '../../shared/config/rules'
import { defaultConfig } from '../../shared/config/schema'
import type { Config } from '../../shared/config/schema'
import type { Place, TextValue } from './parse-config-text'
import { parseConfigText } from './parse-config-text'

/**
 * What is wrong with the text of a `config.yaml`: broken YAML, unknown keys (warnings), wrong values, and what could not be started with
 * it (a cluster open to the network without a token, two listeners on one port, …). Sorted by place. Never throws.
 */
export function checkConfigText(text: string): readonly ConfigProblem[] {
  const { values, problems } = parseConfigText(text)
  const places = new Map(values.map(({ key, place }) => [key.name, place]))
  const set = new Set(places.keys())
  const rules = configRules(configOf(values), (key) => set.has(key)).map(({ keys, severity, message }): ConfigProblem => ({
    severity,
    ...placeOfFirst(keys, places),
    message,
  }))
  return [...problems, ...rules].sort((a, b) => a.line - b.line || a.column - b.column)
}

function placeOfFirst(keys: readonly string[], places: ReadonlyMap<string, Place>): Place {
  return keys.map((key) => places.get(key)).find((place) => place !== undefined) ?? { line: 1, column: 1, endLine: 1, endColumn: 1 }
}

/** The defaults with the text's values put over them. */
function configOf(values: readonly TextValue[]): Config {
  const tree = structuredClone(defaultConfig) as Record<string, unknown>
  const byName = new Map(values.map(({ key, value }) => [key.name, value]))
  for (const { name, path } of configKeys) {
    const value = byName.get(name)
    const parent = path.slice(0, -1).reduce<Record<string, unknown>>((node, part) => node[part] as Record<string, unknown>, tree)
    const last = path[path.length - 1]
    if (value !== undefined && last !== undefined) parent[last] = value
  }
  return tree as Config
}
