import { parseDocument } from 'yaml'
import { lookUpKey, type ConfigKey } from '../../../shared/config/keys'

/** A key whose value in the text is another one than on disk, and when that takes effect. Unknown keys have no effect. */
export interface ChangedKey {
  readonly name: string
  readonly effect: ConfigKey['effect'] | 'none'
}

/** The keys that differ between two texts of `config.yaml`, by name; none while one of them cannot be read. */
export function changedKeys(before: string, after: string): readonly ChangedKey[] {
  const old = valuesOf(before)
  const now = valuesOf(after)
  if (old === undefined || now === undefined) return []
  const names = new Set([...old.keys(), ...now.keys()])
  const changed = [...names].filter((name) => old.get(name) !== now.get(name)).map(nameKey)
  return changed.sort((a, b) => (a.name < b.name ? -1 : 1))
}

function nameKey(lowerName: string): ChangedKey {
  const key = lookUpKey(lowerName)
  return key === undefined ? { name: lowerName, effect: 'none' } : { name: key.name, effect: key.effect }
}

/** Lower-case dotted names and their values as JSON; a known key that holds a map or a list is one value. */
function valuesOf(text: string): ReadonlyMap<string, string> | undefined {
  const document = parseDocument(text, { logLevel: 'silent' })
  if (document.errors.length > 0) return undefined
  const values = new Map<string, string>()
  collect(document.toJS({ maxAliasCount: 100 }), '', values)
  return values
}

function collect(value: unknown, name: string, into: Map<string, string>): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && lookUpKey(name) === undefined) {
    for (const [part, inner] of Object.entries(value)) collect(inner, name === '' ? part.toLowerCase() : `${name}.${part.toLowerCase()}`, into)
  } else if (name !== '') into.set(name, JSON.stringify(value))
}
