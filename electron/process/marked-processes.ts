import { promises as fs } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * Processes of this user that were started with the variable `entry` (`NAME=value`) in their environment, as far as this system tells (Linux; elsewhere
 * none). `since` is the id of a process that is older than all of them: what came before it is not looked at. Never rejects.
 */
export async function processesMarked(entry: string, since: number): Promise<readonly number[]> {
  if (process.platform !== 'linux') return []
  try {
    const [names, load] = await Promise.all([fs.readdir('/proc'), fs.readFile('/proc/loadavg', 'utf8')])
    // Ids are given in order; where they have begun again from the start, none can be left out.
    const newest = Number(load.trim().split(' ').at(-1))
    const pids = names.filter((name) => /^\d+$/.test(name)).map(Number)
    const candidates = newest >= since ? pids.filter((pid) => pid > since) : pids
    const wanted = Buffer.from(`\0${entry}\0`)
    const marked = await Promise.all(candidates.map(async (pid) => ((await environment(pid)).includes(wanted) ? pid : 0)))
    return marked.filter((pid) => pid !== 0)
  } catch {
    return [] // No /proc here.
  }
}

/** Looks at one process; it becomes another program in less time than they take. */
const LOOKS = 5

/** With a zero byte before each entry and behind the last. Empty for a process that is gone, or not ours. */
async function environment(pid: number): Promise<Buffer> {
  try {
    for (let look = 1; ; look += 1) {
      const entries = await fs.readFile(`/proc/${pid}/environ`)
      if (entries.length > 0 || look === LOOKS) return Buffer.concat([Buffer.alloc(1), entries])
      // Nothing is told of one that has ended, or is just becoming another program (execve(2)): only the latter has a program still.
      await fs.readlink(`/proc/${pid}/exe`)
      await delay(1)
    }
  } catch {
    return Buffer.alloc(0) // Neither is looked for.
  }
}
