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
  const changed = [...names]
    .filter((name) => old.get(name)?.value !== now.get(name)?.value)
    .map((name) => nameKey(name, (now.get(name) ?? old.get(name))?.written ?? name))
  return changed.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** A known key has its own name; another one is called as it is written. */
function nameKey(lowerName: string, written: string): ChangedKey {
  const key = lookUpKey(lowerName)
  return key === undefined ? { name: written, effect: 'none' } : { name: key.name, effect: key.effect }
}

interface Value {
  /** As JSON. */
  readonly value: string
  /** The dotted name as it stands in the text. */
  readonly written: string
}

/** Values by lower-case dotted name; a known key that holds a map or a list is one value. */
function valuesOf(text: string): ReadonlyMap<string, Value> | undefined {
  const document = parseDocument(text, { logLevel: 'silent' })
  if (document.errors.length > 0) return undefined
  const values = new Map<string, Value>()
  collect(document.toJS({ maxAliasCount: 100 }), '', values)
  return values
}

function collect(value: unknown, written: string, into: Map<string, Value>): void {
  const name = written.toLowerCase()
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && lookUpKey(name) === undefined) {
    for (const [part, inner] of Object.entries(value)) collect(inner, written === '' ? part : `${written}.${part}`, into)
  } else if (name !== '') into.set(name, { value: JSON.stringify(value), written })
}
