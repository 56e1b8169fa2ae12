import { AppError } from '../errors'
import { isLeaf } from './leaf'
import type { Branch, Leaf } from './leaf'
import { closest } from './closest'
import { configTree } from './schema'

/** One key of the flat table: everything the schema says of it, and where it stands. */
export interface ConfigKey extends Leaf<unknown> {
  /** `API.Port`, in the spelling of the schema. */
  readonly name: string
  readonly path: readonly string[]
}

function flatten(branch: Branch, path: readonly string[]): ConfigKey[] {
  return Object.entries(branch).flatMap(([part, node]) => {
    const here = [...path, part]
    return isLeaf(node) ? [{ ...node, name: here.join('.'), path: here }] : flatten(node, here)
  })
}

/** Every key, sorted by name. */
export const configKeys: readonly ConfigKey[] = flatten(configTree, []).sort((a, b) => (a.name < b.name ? -1 : 1))

const byLowerName: ReadonlyMap<string, ConfigKey> = new Map(configKeys.map((key) => [key.name.toLowerCase(), key]))

/** The key of that name in any case; undefined when there is none. */
export function lookUpKey(name: string): ConfigKey | undefined {
  return byLowerName.get(name.toLowerCase())
}

/** The known key nearest to a misspelt one, where one is near. A group (`API`) has its first key suggested. */
export function suggestKey(name: string): string | undefined {
  const lower = name.toLowerCase()
  const inGroup = configKeys.find((key) => key.name.toLowerCase().startsWith(`${lower}.`))
  if (inGroup !== undefined) return inGroup.name
  const near = closest(lower, [...byLowerName.keys()])
  if (near !== undefined) return byLowerName.get(near)?.name
  // A last part alone (`DisconnectTimeout`) is enough where no other key ends so.
  const sameEnd = configKeys.filter((key) => key.path[key.path.length - 1]?.toLowerCase() === lower)
  return sameEnd.length === 1 ? sameEnd[0]?.name : undefined
}

/** The key of that name in any case. Throws `config.unknown-key` with the nearest name there is. */
export function findKey(name: string): ConfigKey {
  const key = lookUpKey(name)
  if (key !== undefined) return key
  const suggestion = suggestKey(name)
  throw new AppError('config.unknown-key', `There is no config key "${name}".${suggestion === undefined ? '' : ` Did you mean ${suggestion}?`}`, {
    hint: 'Run `shoal config list` for all keys.',
  })
}

/** The value that stands under a key in a configuration tree; undefined where the tree has nothing there. */
export function valueAt(tree: unknown, path: readonly string[]): unknown {
  let node: unknown = tree
  for (const part of path) {
    if (typeof node !== 'object' || node === null) return undefined
    node = (node as Readonly<Record<string, unknown>>)[part]
  }
  return node
}
