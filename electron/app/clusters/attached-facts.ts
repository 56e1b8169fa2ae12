import { mkdir, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'

const schema = z.object({
  version: z.literal(1),
  kind: z.literal('attached'),
  id: z.string().min(1).max(64),
  name: z.string().min(1).max(64),
  colour: z.number().int().min(1).max(8),
  /** Unix ms. */
  createdAt: z.number(),
  /** Base URL of the orchestrator's API. */
  apiUrl: z.string(),
  /** Compute nodes of this machine that join it, in order of their making. `wanted`: whether they start with the app. */
  nodes: z.array(z.object({ name: z.string().min(1).max(128), wanted: z.boolean() })).default([]),
})

/** What is remembered of a foreign orchestrator: where it is, and what the user calls it. */
export type AttachedFacts = z.infer<typeof schema>

/** The facts in a parsed `cluster.json`; undefined when it is not of an attached cluster. */
export function attachedFactsOf(value: unknown): AttachedFacts | undefined {
  return schema.safeParse(value).data
}

/** Writes the file whole or not at all, and makes its folder. */
export async function writeAttachedFacts(file: string, facts: AttachedFacts): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  const temporary = `${file}.tmp`
  await writeFile(temporary, `${JSON.stringify(facts, null, 2)}\n`, { mode: 0o600, flush: true })
  await rename(temporary, file)
}
