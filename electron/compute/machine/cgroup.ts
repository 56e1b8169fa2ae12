import { promises as fs } from 'node:fs'
import { posix } from 'node:path'

/** What control groups leave to this process. Absent = not limited. */
export interface CgroupLimits {
  /** Cores, by the CPU quota. */
  readonly CPU?: number
  /** Bytes. */
  readonly Memory?: number
}

/** Where a controller's files for this process lie, innermost group first: limits of every group on the way up hold. */
interface CgroupPlaces {
  readonly version: 1 | 2
  readonly folders: readonly string[]
}

/** Version 1 writes "no limit" as the largest multiple of the page size that 63 bits hold. */
const NO_LIMIT = 2 ** 60

/**
 * The limits that Linux sets this process (cgroup v1 and v2, also the limits of outer groups). Empty on other systems and
 * where nothing can be read.
 */
export async function readCgroupLimits(proc = '/proc/self'): Promise<CgroupLimits> {
  const [mounts, groups] = await Promise.all([readText(`${proc}/mountinfo`), readText(`${proc}/cgroup`)])
  if (mounts === undefined || groups === undefined) return {}
  const [cpus, memories] = await Promise.all([
    Promise.all(placesOf('cpu', mounts, groups).flatMap(({ version, folders }) => folders.map((folder) => readCpuLimit(version, folder)))),
    Promise.all(placesOf('memory', mounts, groups).flatMap(({ version, folders }) => folders.map((folder) => readMemoryLimit(version, folder)))),
  ])
  const CPU = least(cpus)
  const Memory = least(memories)
  return { ...(CPU === undefined ? {} : { CPU }), ...(Memory === undefined ? {} : { Memory }) }
}

/** Pure: from the texts of `/proc/self/mountinfo` and `/proc/self/cgroup` to the folders that hold a controller's limits. */
export function placesOf(controller: 'cpu' | 'memory', mounts: string, groups: string): CgroupPlaces[] {
  const places: CgroupPlaces[] = []
  for (const line of mounts.split('\n')) {
    const [left, right] = line.split(' - ')
    const [, , , root, mountPoint] = (left ?? '').split(' ')
    const [type, , options] = (right ?? '').split(' ')
    if (root === undefined || mountPoint === undefined) continue
    const version = type === 'cgroup2' ? 2 : type === 'cgroup' && (options ?? '').split(',').includes(controller) ? 1 : undefined
    const group = version === undefined ? undefined : groupOf(version, controller, groups)
    if (version === undefined || group === undefined) continue
    // Inside a container the group may be told as the host sees it, while only a part of the tree is mounted.
    const inside = root !== '/' && (group === root || group.startsWith(`${root}/`)) ? group.slice(root.length) : group
    places.push({ version, folders: wayUp(mountPoint, inside) })
  }
  return places
}

function groupOf(version: 1 | 2, controller: string, groups: string): string | undefined {
  for (const line of groups.split('\n')) {
    const [hierarchy, controllers, ...path] = line.split(':')
    const fits = version === 2 ? hierarchy === '0' && controllers === '' : (controllers ?? '').split(',').includes(controller)
    if (fits) return path.join(':')
  }
  return undefined
}

function wayUp(mountPoint: string, group: string): string[] {
  const folders: string[] = []
  for (let path = posix.join('/', group); ; path = posix.dirname(path)) {
    folders.push(posix.join(mountPoint, path).replace(/(.)\/$/, '$1'))
    if (path === '/') return folders
  }
}

async function readCpuLimit(version: 1 | 2, folder: string): Promise<number | undefined> {
  const texts =
    version === 2
      ? (await readText(`${folder}/cpu.max`))?.split(' ')
      : await Promise.all([readText(`${folder}/cpu.cfs_quota_us`), readText(`${folder}/cpu.cfs_period_us`)])
  const quota = Number(texts?.[0])
  const period = Number(texts?.[1])
  return quota > 0 && period > 0 ? quota / period : undefined
}

async function readMemoryLimit(version: 1 | 2, folder: string): Promise<number | undefined> {
  const bytes = Number(await readText(`${folder}/${version === 2 ? 'memory.max' : 'memory.limit_in_bytes'}`))
  return bytes > 0 && bytes < NO_LIMIT ? bytes : undefined
}

function least(limits: readonly (number | undefined)[]): number | undefined {
  const set = limits.filter((limit) => limit !== undefined)
  return set.length === 0 ? undefined : Math.min(...set)
}

/** Undefined where the file is not there or not ours to read: then that group limits nothing we could know of. */
async function readText(path: string): Promise<string | undefined> {
  try {
    return await fs.readFile(path, 'utf8')
  } catch {
    return undefined // Outside of containers this is the rule.
  }
}
