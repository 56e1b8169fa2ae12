import { promises as fs } from 'node:fs'
import { basename, dirname, isAbsolute, join, normalize } from 'node:path'
import { AppError, messageOf } from '../../../shared/errors'
import { isMissing } from '../../../shared/system-error'
import { allowedAs, fixedPart, parseAllowedPath, type AllowedPath } from './allow-list'
import type { StorageParams, StorageSource } from './storage-source'

const creations = ['dir', 'file', 'nocreate'] as const

interface LocalParams {
  readonly path: string
  readonly writable: boolean
  readonly create: (typeof creations)[number]
}

/** Files and folders of this machine that its owner has allowed (`Compute.AllowListedLocalPaths`). Links and `..` are resolved before anything is compared. */
export function createLocalDirectoryStorage(allowList: readonly string[]): StorageSource {
  const listed = allowList.map(parseAllowedPath)
  const resolve = async (params: StorageParams): Promise<LocalParams & { readonly real: string; readonly exists: boolean }> => {
    const wanted = readParams(params)
    const { real, exists } = await realPath(wanted.path)
    // A folder that is listed by a path with links in it (/tmp on macOS) is meant where it really lies.
    const allowed = [...listed, ...(await Promise.all(listed.map(whereItLies)))]
    const as = allowedAs(allowed, real)
    if (as === undefined) throw notAllowed(wanted.path, real, allowList)
    if (wanted.writable && as === 'ro') throw readOnly(wanted.path)
    if (!exists && wanted.create === 'nocreate') {
      throw new AppError('storage.missing', `The input ${wanted.path} does not exist on this node.`, {
        hint: 'Make it there, or set CreateAs to dir or file (with ReadWrite) to have it made.',
      })
    }
    return { ...wanted, real, exists }
  }
  return {
    type: 'local',
    aliases: ['localdirectory'],
    available: () =>
      Promise.resolve(
        allowList.length > 0 ? { ok: true } : { ok: false, reason: 'this node allows no local paths (Compute.AllowListedLocalPaths is empty)' },
      ),
    isLocal: async (params) => {
      await resolve(params)
      return true
    },
    sizeBytes: async (params) => {
      await resolve(params)
      return 0 // It is used where it lies.
    },
    prepare: async ({ Source, Target }) => {
      const params = Source.Params ?? {}
      const { real, exists, create, writable } = await resolve(params)
      if (!exists) {
        await fs.mkdir(create === 'dir' ? real : dirname(real), { recursive: true })
        if (create === 'file') await fs.writeFile(real, '', { flag: 'a' })
        // Somebody may have put a link there meanwhile.
        await resolve(params)
      }
      return { hostPath: real, target: Target, writable }
    },
  }
}

function readParams(params: StorageParams): LocalParams {
  const path = params['SourcePath']
  if (typeof path !== 'string' || path === '') throw badParams('it has no SourcePath')
  if (!isAbsolute(path) || path.includes('\0')) throw badParams(`SourcePath is ${JSON.stringify(path)}, but must be an absolute path of the node`)
  const writable = params['ReadWrite'] === true || textOf(params['ReadWrite']) === 'true'
  const given = textOf(params['CreateAs']) || 'nocreate'
  const create = creations.find((each) => each === given)
  if (create === undefined) throw badParams(`CreateAs is ${JSON.stringify(params['CreateAs'])}, but must be dir, file or noCreate`)
  if (create !== 'nocreate' && !writable) throw badParams('CreateAs needs ReadWrite')
  return { path: normalize(path).replace(/(.)\/+$/, '$1'), writable, create }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : ''
}

/** The path without links; of what does not exist yet, that of its nearest folder and the rest. */
async function realPath(path: string): Promise<{ readonly real: string; readonly exists: boolean }> {
  try {
    return { real: await fs.realpath(path), exists: true }
  } catch (error) {
    if (!isMissing(error) || dirname(path) === path) throw unreadable(path, error)
    // A link to nothing would be made somewhere else than it says.
    if (await isLink(path)) throw unreadable(path, error)
    return { real: join((await realPath(dirname(path))).real, basename(path)), exists: false }
  }
}

async function isLink(path: string): Promise<boolean> {
  return fs.lstat(path).then(
    (stat) => stat.isSymbolicLink(),
    () => false,
  )
}

async function whereItLies({ pattern, writable }: AllowedPath): Promise<AllowedPath> {
  const fixed = fixedPart(pattern)
  const real = await fs.realpath(fixed).catch(() => fixed) // May be made later: until then its name is all there is.
  return { pattern: real === fixed ? pattern : `${real === '/' ? '' : real}${pattern.slice(fixed.length)}`, writable }
}

function badParams(why: string): AppError {
  return new AppError('storage.local', `The local input cannot be used: ${why}.`)
}

function unreadable(path: string, cause: unknown): AppError {
  return new AppError('storage.local', `The input ${path} cannot be found out about: ${messageOf(cause)}.`, {
    cause,
  })
}

function notAllowed(path: string, real: string, allowList: readonly string[]): AppError {
  const where = real === path ? path : `${path} (which is ${real})`
  return new AppError('storage.not-allowed', `The input ${where} is not allowed on this node.`, {
    hint: `Its owner may add it to Compute.AllowListedLocalPaths; ${allowList.length} ${allowList.length === 1 ? 'entry is' : 'entries are'} there now.`,
  })
}

function readOnly(path: string): AppError {
  return new AppError('storage.not-allowed', `The input ${path} is allowed on this node for reading only, but ReadWrite is asked for.`, {
    hint: `Ask without ReadWrite, or have the node's owner allow ${path}:rw.`,
  })
}
