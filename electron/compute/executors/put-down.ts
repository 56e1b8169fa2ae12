import { promises as fs } from 'node:fs'
import { dirname } from 'node:path'
import type { Mount } from './executor'

/** Makes the file of an input that is only in memory so far, for an engine that needs it on the disk. Any other is there already. */
export async function putDown({ hostPath, content }: Pick<Mount, 'hostPath' | 'content'>): Promise<void> {
  if (content === undefined) return
  await fs.mkdir(dirname(hostPath), { recursive: true, mode: 0o700 })
  await fs.writeFile(hostPath, content, { mode: 0o600 })
}
