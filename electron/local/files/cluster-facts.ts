import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { AppError, messageOf } from '../../../shared/errors'
import { readJson } from '../../../shared/read-json'
import { isMissing } from '../../../shared/system-error'

/** Grows when an older version of this program could no longer work with the file. */
const VERSION = 1

const factsSchema = z.object({
  version: z.number().int(),
  kind: z.literal('local'),
  id: z.string().min(1).max(64),
  name: z.string().min(1).max(64),
  colour: z.number().int().min(1).max(8),
  /** Unix ms. */
  createdAt: z.number(),
  /** The orchestrator's node id; stays when the cluster is renamed. */
  orchestrator: z.string().min(1).max(128),
  /** Compute nodes of this machine, in order of their making. `wanted`: whether they start with the cluster. */
  nodes: z.array(z.object({ name: z.string().min(1).max(128), wanted: z.boolean() })),
  /** Where it listened last; other machines may know it. */
  listened: z.object({ host: z.string(), nats: z.number().int(), api: z.number().int() }).optional(),
  /** How the token came to be; the token itself stands in config.yaml. */
  token: z.object({ generated: z.boolean(), fingerprint: z.string(), changedAt: z.number() }).optional(),
})

/** What is remembered of a local cluster beside the configuration of its nodes. */
export type ClusterFacts = z.infer<typeof factsSchema>

/** Facts of a cluster that is being made. */
export function newFacts(made: Pick<ClusterFacts, 'id' | 'name' | 'colour' | 'createdAt' | 'orchestrator'>): ClusterFacts {
  return { version: VERSION, kind: 'local', ...made, nodes: [] }
}

/**
 * Reads `cluster.json`; undefined when there is none. Throws `cluster.newer` for one of a newer version, `cluster.broken-file` for one
 * that cannot be understood, `cluster.unreadable` when the system refuses. The file is left as it is.
 */
export async function readFacts(file: string): Promise<ClusterFacts | undefined> {
  const text = await readText(file)
  if (text === undefined) return undefined
  const value = readJson(text)
  const version = z.looseObject({ version: z.number() }).safeParse(value).data?.version
  if (version !== undefined && version > VERSION) {
    throw new AppError('cluster.newer', `${file} was written by a newer version of Shoal.`, {
      hint: 'Use that version. Nothing was changed.',
      details: { path: file },
    })
  }
  const facts = factsSchema.safeParse(value)
  if (facts.success) return facts.data
  const issue = facts.error.issues[0]
  throw new AppError(
    'cluster.broken-file',
    `${file} cannot be understood: ${issue === undefined || value === undefined ? 'it is not JSON' : `${issue.path.join('.') || 'the whole'}: ${issue.message}`}.`,
    {
      hint: 'Correct the file, or forget this cluster. The file was left as it is.',
      details: { path: file },
    },
  )
}

/** Writes the file whole or not at all, and makes its folder. */
export async function writeFacts(file: string, facts: ClusterFacts): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  const temporary = `${file}.tmp`
  await writeFile(temporary, `${JSON.stringify(facts, null, 2)}\n`, { mode: 0o600, flush: true })
  await rename(temporary, file)
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    if (isMissing(cause)) return undefined
    throw new AppError('cluster.unreadable', `${file} cannot be read: ${messageOf(cause)}.`, {
      hint: `Look at its rights: ls -l ${file}`,
      cause,
    })
  }
}
