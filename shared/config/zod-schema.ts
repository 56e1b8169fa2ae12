import { z } from 'zod'
import { tryParseDuration } from '../duration'
import { isLeaf } from './leaf'
import type { Branch, Leaf } from './leaf'
import type { Config } from './schema'
import { configTree } from './schema'

function leafSchema(leaf: Leaf<unknown>): z.ZodType {
  switch (leaf.kind) {
    case 'text':
      return z.string()
    case 'integer':
      return leaf.range === undefined ? z.int() : z.int().min(leaf.range[0]).max(leaf.range[1])
    case 'boolean':
      return z.boolean()
    case 'duration':
      return z.string().refine((text) => tryParseDuration(text) !== undefined, { error: 'not a duration' })
    case 'list':
      return z.array(z.string())
    case 'map':
      return z.record(z.string(), z.string())
    case 'choice':
      return z.enum([...(leaf.choices ?? [])])
    case 'structure':
      return leaf.shape === 'records' ? z.array(z.looseObject({})) : z.record(z.string(), z.looseObject({}))
  }
}

function branchSchema(branch: Branch): z.ZodObject {
  const shape = Object.entries(branch).map(([name, node]): [string, z.ZodType] => {
    if (!isLeaf(node)) return [name, branchSchema(node).prefault({})]
    return [
      name,
      leafSchema(node)
        .default(node.default)
        .meta({ description: node.documentation, effect: node.effect, secret: node.secret === true }),
    ]
  })
  // Keys that are not ours are kept: a file may be a newer Bacalhau's.
  return z.looseObject(Object.fromEntries(shape))
}

let built: z.ZodType<Config> | undefined

/**
 * The whole key tree as one zod schema: `{}` parses to the defaults; each key carries its documentation, effect and secrecy as
 * metadata. Built at the first call, because it takes milliseconds that a starting node does not have.
 */
export function configSchema(): z.ZodType<Config> {
  built ??= branchSchema(configTree) as unknown as z.ZodType<Config>
  return built
}
