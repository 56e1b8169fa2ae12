import { promises as fs } from 'node:fs'
import { extname, join, posix, sep } from 'node:path'
import { AppError } from '../../../../shared/errors'
import { leadsNowhere } from '../../../../shared/system-error'
import type { ModulePlace, ModuleSource } from './messages'

/** A path of a job in one form: absolute, `/` between, no `.`, `..` or `/` at the end. */
export function normaliseTarget(path: string): string {
  const normal = posix.normalize(`/${path}`)
  return normal.length > 1 ? normal.replace(/\/+$/, '') : normal
}

/** Whether a path of the job lies at or under one of `targets`. */
export function isUnder(targets: readonly string[], path: string): boolean {
  const wanted = normaliseTarget(path)
  return targets.map(normaliseTarget).some((target) => wanted === target || wanted.startsWith(target === '/' ? '/' : `${target}/`))
}

/**
 * What is behind a module's path in the job, by the file's real path where it is a file; in a folder, the only `.wasm` file (as Bacalhau's loader has it). Undefined when there is
 * none. Links that lead out of the input are not followed. Throws AppError `wasm.ambiguous-module`.
 */
export async function findModule(places: readonly ModulePlace[], path: string): Promise<ModuleSource | undefined> {
  const wanted = normaliseTarget(path)
  const [place] = places
    .filter(({ target }) => isUnder([target], wanted))
    .sort((a, b) => normaliseTarget(b.target).length - normaliseTarget(a.target).length)
  if (place === undefined) return undefined
  const inside = wanted.slice(normaliseTarget(place.target).length)
  if ('content' in place) return inside === '' ? { content: place.content } : undefined
  const found = await realPathWithin(place.hostPath, inside)
  if (found === undefined) return undefined
  const file = (await fs.stat(found)).isDirectory() ? await onlyModuleOf(found, path) : found
  return file === undefined ? undefined : { hostPath: file }
}

async function realPathWithin(root: string, inside: string): Promise<string | undefined> {
  try {
    const [base, real] = await Promise.all([fs.realpath(root), fs.realpath(join(root, inside))])
    return real === base || real.startsWith(base.endsWith(sep) ? base : base + sep) ? real : undefined
  } catch (error) {
    if (leadsNowhere(error)) return undefined
    throw error
  }
}

async function onlyModuleOf(folder: string, path: string): Promise<string | undefined> {
  const modules = (await fs.readdir(folder)).filter((name) => extname(name) === '.wasm')
  if (modules.length > 1) {
    throw new AppError('wasm.ambiguous-module', `${path} is a folder with ${modules.length} modules: ${modules.sort().join(', ')}.`, {
      hint: 'Name the file itself.',
    })
  }
  return modules[0] === undefined ? undefined : realPathWithin(folder, modules[0])
}
