import { promises as fs } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { AppError, messageOf } from '../../../shared/errors'
import { readJson } from '../../../shared/read-json'
import { isDiskFull, systemCodeOf } from '../../../shared/system-error'
import { takeNodeLock } from './node-lock'

/**
 * The version of what lies in a data directory. It grows when an older version of this program could no longer work with
 * it; every version takes over the directories of older ones.
 */
export const LAYOUT_VERSION = 1

/** Below that a node would fail at the first thing it has to keep. */
const LEAST_FREE_BYTES = 4 * 1024 * 1024

const metadataSchema = z.object({ layout: z.number().int().positive(), nodeId: z.string().optional() })

/** A node's folder, ours alone until it is released. */
export interface DataDirectory {
  readonly path: string
  readonly created: boolean
  /** The id the node was once given. */
  readonly nodeId: string | undefined
  /** Keeps the id for all later starts. */
  storeNodeId(nodeId: string): Promise<void>
  /** Folders for what the parts of a node keep; made when first asked for. */
  folder(name: 'logs' | 'run' | 'state' | 'access' | 'jobs'): Promise<string>
  release(): Promise<void>
}

/**
 * Makes the folder if needed (0700), takes its lock and looks whether it is ours to use.
 * @param path absolute
 * @throws AppError `data-dir.in-use`, `data-dir.newer`, `data-dir.bacalhau`, `data-dir.full`, `data-dir.not-writable`,
 * `data-dir.not-a-directory`, `data-dir.unusable`, `data-dir.broken`
 */
export async function openDataDirectory(path: string): Promise<DataDirectory> {
  try {
    return await open(path)
  } catch (error) {
    throw error instanceof AppError ? error : explain(error, path)
  }
}

async function open(path: string): Promise<DataDirectory> {
  const created = await makeFolder(path)
  const metadataFile = join(path, 'node.json')
  if (!created) await refuseForeign(path, metadataFile)
  await refuseFull(path)
  const lock = await takeNodeLock(join(path, 'node.lock'), path)
  try {
    let metadata = await readMetadata(metadataFile)
    const store = async (next: z.infer<typeof metadataSchema>): Promise<void> => {
      await writeAtomically(metadataFile, `${JSON.stringify(next, undefined, 2)}\n`)
      metadata = next
    }
    // A new directory has nothing to keep before its node has an id.
    if (metadata !== undefined && metadata.layout < LAYOUT_VERSION) await store({ ...metadata, layout: LAYOUT_VERSION })
    return {
      path,
      created,
      get nodeId() {
        return metadata?.nodeId
      },
      storeNodeId: (nodeId) => store({ layout: LAYOUT_VERSION, nodeId }),
      folder: async (name) => {
        const folder = join(path, name)
        await fs.mkdir(folder, { recursive: true, mode: 0o700 })
        return folder
      },
      release: () => lock.release(),
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}

/** Whether the folder had to be made. Step by step, since Node's recursive form calls a read-only disk a missing file. */
async function makeFolder(path: string): Promise<boolean> {
  try {
    await fs.mkdir(path, { mode: 0o700 })
    return true
  } catch (error) {
    if (systemCodeOf(error) === 'EEXIST' && (await fs.stat(path)).isDirectory()) return false
    if (systemCodeOf(error) !== 'ENOENT' || dirname(path) === path) throw error
    await makeFolder(dirname(path))
    await fs.mkdir(path, { mode: 0o700 })
    return true
  }
}

/** Files of Bacalhau's own in its data directory. */
const bacalhauFiles = ['system_metadata.yaml', 'bacalhau.run', 'repo.version', 'orchestrator/state_boltdb.db', 'compute/state_boltdb.db']

async function refuseForeign(path: string, metadataFile: string): Promise<void> {
  if (await exists(metadataFile)) return
  for (const file of bacalhauFiles) {
    if (!(await exists(join(path, file)))) continue
    const config = join(path, 'config.yaml')
    throw new AppError(
      'data-dir.bacalhau',
      `${path} holds the data of a Bacalhau node (${file}); Shoal keeps its own data elsewhere and leaves Bacalhau's alone.`,
      {
        hint: (await exists(config))
          ? `Leave out --data-dir (or name another one) and take over its configuration with: --config ${config}`
          : 'Leave out --data-dir, or name another one.',
        details: { path },
      },
    )
  }
}

async function refuseFull(path: string): Promise<void> {
  const { bavail, bsize } = await fs.statfs(path)
  if (bavail * bsize < LEAST_FREE_BYTES) throw full(path)
}

async function readMetadata(file: string): Promise<z.infer<typeof metadataSchema> | undefined> {
  const text = await fs.readFile(file, 'utf8').catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  const metadata = metadataSchema.safeParse(readJson(text)).data
  if (metadata === undefined) {
    throw new AppError('data-dir.broken', `${file} cannot be read: it does not say which version wrote this data directory, nor the node's id.`, {
      hint: `Put it back from a backup, or write {"layout": ${LAYOUT_VERSION}, "nodeId": "…"} into it with the id that the orchestrator lists.`,
      details: { path: file },
    })
  }
  if (metadata.layout > LAYOUT_VERSION) {
    throw new AppError(
      'data-dir.newer',
      `The data directory was last used by a newer Shoal (its layout is ${metadata.layout}, this version knows ${LAYOUT_VERSION}).`,
      {
        hint: 'Use that newer version, or another --data-dir. Nothing was changed.',
        details: { path: file },
      },
    )
  }
  return metadata
}

async function writeAtomically(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`
  const handle = await fs.open(temporary, 'w', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await fs.rename(temporary, file)
}

async function exists(path: string): Promise<boolean> {
  return fs.access(path).then(
    () => true,
    () => false,
  )
}

/** What the system said, as a person needs to hear it. */
function explain(cause: unknown, path: string): unknown {
  const details = { path }
  if (isDiskFull(cause)) return full(path, cause)
  switch (systemCodeOf(cause)) {
    case 'EACCES':
    case 'EPERM':
      return new AppError('data-dir.not-writable', `This user may not write in the data directory ${path}.`, {
        hint: 'Change its owner or rights, or name another one with --data-dir.',
        details,
        cause,
      })
    case 'EROFS':
      return new AppError('data-dir.not-writable', `The data directory ${path} is on a file system that is mounted read-only.`, {
        hint: 'Name another one with --data-dir.',
        details,
        cause,
      })
    case 'ENOTDIR':
    case 'EEXIST':
      return new AppError('data-dir.not-a-directory', `The data directory ${path} cannot be made: something on that path is a file.`, {
        hint: 'Name another one with --data-dir.',
        details,
        cause,
      })
    case undefined:
      return cause // No word of the system's: a bug of ours.
    default:
      return new AppError('data-dir.unusable', `The data directory ${path} cannot be used: ${messageOf(cause)}.`, {
        hint: 'Name another one with --data-dir.',
        details,
        cause,
      })
  }
}

function full(path: string, cause?: unknown): AppError {
  return new AppError('data-dir.full', `The disk of the data directory ${path} is full: a node could keep nothing there.`, {
    hint: 'Make room, or name a directory on another disk with --data-dir.',
    details: { path },
    ...(cause === undefined ? {} : { cause }),
  })
}
