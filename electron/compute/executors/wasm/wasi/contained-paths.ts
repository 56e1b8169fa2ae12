import { existsSync, lstatSync, realpathSync } from 'node:fs'
import { dirname, resolve, sep } from 'node:path'
import { leadsNowhere } from '../../../../../shared/system-error'
import { errno, FIRST_PREOPEN, SYMLINK_FOLLOW, type MemoryView, type WasiCall, type WasiCalls } from './wasi-abi'

/** Where the descriptor, pointer, length (and lookup flags) of a path stand among the arguments of a call. */
interface PathArguments {
  readonly folder: number
  readonly path: number
  readonly flags?: number
}

const PATHS: Readonly<Record<string, readonly PathArguments[]>> = {
  path_create_directory: [{ folder: 0, path: 1 }],
  path_filestat_get: [{ folder: 0, path: 2, flags: 1 }],
  path_filestat_set_times: [{ folder: 0, path: 2, flags: 1 }],
  path_link: [
    { folder: 0, path: 2, flags: 1 },
    { folder: 4, path: 5 },
  ],
  path_open: [{ folder: 0, path: 2, flags: 1 }],
  path_readlink: [{ folder: 0, path: 1 }],
  path_remove_directory: [{ folder: 0, path: 1 }],
  path_rename: [
    { folder: 0, path: 1 },
    { folder: 3, path: 4 },
  ],
  path_symlink: [{ folder: 2, path: 3 }],
  path_unlink_file: [{ folder: 0, path: 1 }],
}

interface Folder {
  readonly path: string
  /** The real path of the folder that was given, which nothing may leave. */
  readonly root: string
}

/**
 * Keeps every path inside the folder that was given. node:wasi looks at a link only where it stands last in a path: through a link to a folder, a module
 * could reach all of the machine. `hosts[n]` is the folder of descriptor 3 + n.
 */
export function containPaths(calls: WasiCalls, hosts: readonly string[], memory: MemoryView): WasiCalls {
  const folders = new Map<number, Folder>(hosts.map((path, index) => [FIRST_PREOPEN + index, { path: resolve(path), root: realpathSync(path) }]))
  const native = (name: string): WasiCall => calls[name] ?? (() => errno.notsup)

  const textAt = (pointer: number, length: number): string => Buffer.from(new Uint8Array(memory().buffer, pointer, length)).toString('utf8')
  const hostPath = (
    args: readonly (number | bigint)[],
    { folder, path }: PathArguments,
  ): { readonly at: Folder; readonly path: string } | undefined => {
    const at = folders.get(Number(args[folder]))
    return at === undefined ? undefined : { at, path: resolve(at.path, `.${sep}${textAt(Number(args[path]), Number(args[path + 1]))}`) }
  }
  const leaves = (args: readonly (number | bigint)[], place: PathArguments): boolean => {
    const found = hostPath(args, place)
    if (found === undefined) return false // No folder of ours: the call itself refuses it.
    const { at, path } = found
    const follows = place.flags !== undefined && (Number(args[place.flags]) & SYMLINK_FOLLOW) !== 0
    if (path === at.path) return false
    return !isWithin(at.root, realPath(dirname(path))) || (follows && (isLinkToNothing(path) || !isWithin(at.root, realPath(path))))
  }

  const contained = Object.fromEntries(
    Object.entries(PATHS).map(([name, places]): [string, WasiCall] => [
      name,
      (...args) => (places.some((place) => leaves(args, place)) ? errno.notcapable : native(name)(...args)),
    ]),
  )
  return {
    ...calls,
    ...contained,
    path_open: (...args) => {
      const result = contained['path_open']?.(...args) ?? errno.notsup
      const opened = result === errno.success ? hostPath(args, { folder: 0, path: 2 }) : undefined
      if (opened !== undefined) folders.set(memory().getUint32(Number(args[8]), true), { path: opened.path, root: opened.at.root })
      return result
    },
    fd_close: (descriptor) => {
      const result = native('fd_close')(descriptor)
      if (result === errno.success) folders.delete(Number(descriptor))
      return result
    },
    fd_renumber: (from, to) => {
      const result = native('fd_renumber')(from, to)
      const moved = folders.get(Number(from))
      if (result !== errno.success) return result
      folders.delete(Number(from))
      folders.delete(Number(to))
      if (moved !== undefined) folders.set(Number(to), moved)
      return result
    },
  }
}

/** The path without links; of what does not exist, that of the nearest folder that does: the call fails by itself, or makes it there. */
function realPath(path: string): string {
  for (let at = path; ; at = dirname(at)) {
    try {
      return realpathSync.native(at)
    } catch (error) {
      const missing = leadsNowhere(error)
      // A loop of links, or a folder that may not be read: nothing that is inside for sure.
      if (!missing || at === dirname(at)) return dirname(at) === at ? at : sep
    }
  }
}

/** What would be made through such a link could lie anywhere. */
function isLinkToNothing(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true && !existsSync(path)
}

function isWithin(root: string, path: string): boolean {
  return path === root || root === sep || path.startsWith(root + sep)
}
