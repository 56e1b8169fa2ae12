import { readdir, readFile } from 'node:fs/promises'

/** Clock ticks a second in /proc/PID/stat. */
const TICKS = 100

/** A process of this machine and all that it started, itself first. */
export async function withChildren(pid: number): Promise<readonly number[]> {
  const found = [pid]
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const fields = await statFields(Number(entry))
    if (fields !== undefined && found.includes(Number(fields[1]))) found.push(Number(entry))
  }
  return found
}

/** User and system time of processes, in seconds. */
export async function cpuSeconds(pids: readonly number[]): Promise<number> {
  let ticks = 0
  for (const pid of pids) {
    const fields = await statFields(pid)
    ticks += Number(fields?.[11] ?? 0) + Number(fields?.[12] ?? 0)
  }
  return ticks / TICKS
}

/** Memory of processes that is theirs alone, or their part of what they share, in bytes. */
export async function memoryBytes(pids: readonly number[]): Promise<number> {
  let kibibytes = 0
  for (const pid of pids) {
    const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
    kibibytes += Number(/^Pss: +(\d+) kB/m.exec(text)?.[1] ?? 0)
  }
  return kibibytes * 1024
}

/** What a process is called, without its arguments. */
export async function nameOf(pid: number): Promise<string> {
  return (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim()
}

/** The fields of /proc/PID/stat behind the name of the program; the first is the state. */
async function statFields(pid: number): Promise<readonly string[] | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  return text
    ?.slice(text.lastIndexOf(')') + 2)
    .trim()
    .split(' ')
}
