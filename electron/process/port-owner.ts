import { execFile } from 'node:child_process'
import { promises as fs } from 'node:fs'
import { parseProcStat } from './process-identity'

/** The process that listens on a port. */
export interface PortOwner {
  readonly pid: number
  /** The program's short name, as `ps` shows it. */
  readonly name: string
}

/** Who listens on a TCP port of this machine; undefined when nobody does, or when this user may not know. */
export async function portOwner(port: number): Promise<PortOwner | undefined> {
  try {
    if (process.platform === 'linux') return await ownerByProc(port)
    return process.platform === 'win32' ? await ownerByNetstat(port) : await ownerByLsof(port)
  } catch {
    return undefined // A name beside an error message is no reason for another error.
  }
}

/** Inodes of the sockets that listen on `port`, from the text of /proc/net/tcp or tcp6 (proc_net(5): state 0A is LISTEN). */
export function listeningInodes(table: string, port: number): readonly string[] {
  const ending = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(ending) === true && fields[3] === '0A')
    .map((fields) => fields[9] ?? '')
}

async function ownerByProc(port: number): Promise<PortOwner | undefined> {
  // A machine without IPv6 has no second table.
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map((path) => fs.readFile(path, 'utf8').catch(() => '')))
  const sockets = new Set(tables.flatMap((table) => listeningInodes(table, port)).map((inode) => `socket:[${inode}]`))
  if (sockets.size === 0) return undefined
  const pids = (await fs.readdir('/proc')).filter((name) => /^\d+$/.test(name))
  for (const pid of pids) {
    if (await holdsOneOf(pid, sockets)) return { pid: Number(pid), name: parseProcStat(await fs.readFile(`/proc/${pid}/stat`, 'utf8')).name }
  }
  return undefined
}

async function holdsOneOf(pid: string, sockets: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`
  // Other users' processes cannot be read; processes end while they are looked at.
  const descriptors = await fs.readdir(folder).catch(() => [])
  const targets = await Promise.all(descriptors.map((descriptor) => fs.readlink(`${folder}/${descriptor}`).catch(() => '')))
  return targets.some((target) => sockets.has(target))
}

async function ownerByLsof(port: number): Promise<PortOwner | undefined> {
  // -F prints one field a line: p<pid>, then c<command>.
  const output = await outputOf('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'])
  const pid = /^p(\d+)$/m.exec(output)?.[1]
  const name = /^c(.+)$/m.exec(output)?.[1]
  return pid === undefined || name === undefined ? undefined : { pid: Number(pid), name }
}

async function ownerByNetstat(port: number): Promise<PortOwner | undefined> {
  // `  TCP    0.0.0.0:4222    0.0.0.0:0    LISTENING    71`; the state's name is translated, a port 0 at the far end is not.
  const pid = new RegExp(`^\\s*TCP\\s+\\S+:${port}\\s+\\S+:0\\s+\\S+\\s+(\\d+)\\s*$`, 'm').exec(await outputOf('netstat', ['-ano', '-p', 'TCP']))?.[1]
  if (pid === undefined) return undefined
  const name = /^"([^"]+)"/m.exec(await outputOf('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH']))?.[1]
  return name === undefined ? undefined : { pid: Number(pid), name }
}

function outputOf(file: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(file, args, { timeout: 3000, windowsHide: true }, (error, stdout) => {
      if (error === null) resolve(stdout)
      else reject(new Error(`${file} failed`, { cause: error }))
    })
  })
}
