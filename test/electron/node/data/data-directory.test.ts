import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LAYOUT_VERSION, openDataDirectory } from '../../../../electron/node/data/data-directory'

let root: string
let path: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'shoal-data-'))
  path = join(root, 'a', 'data')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const asRoot = process.getuid?.() === 0

describe('a data directory', () => {
  it('is made for its owner alone, and keeps the id of its node', async () => {
    const first = await openDataDirectory(path)
    expect(first).toMatchObject({ created: true, nodeId: undefined })
    await first.storeNodeId('n-1')
    expect(first.nodeId).toBe('n-1')
    await first.release()
    expect(statSync(path).mode & 0o777).toBe(0o700)
    expect(statSync(join(path, 'node.json')).mode & 0o777).toBe(0o600)
    const second = await openDataDirectory(path)
    expect(second).toMatchObject({ created: false, nodeId: 'n-1' })
    await second.release()
    expect(readdirSync(path)).toEqual(['node.json'])
  })

  it('makes folders for its owner alone', async () => {
    const directory = await openDataDirectory(path)
    expect(statSync(await directory.folder('logs')).mode & 0o777).toBe(0o700)
    await directory.release()
  })

  it('in use by another process is refused, naming that process; when it has died, its lock is taken over', async () => {
    const directory = await openDataDirectory(path)
    await directory.release()
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
    await once(other, 'spawn')
    const startTime = `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${readFileSync(`/proc/${other.pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19]}`
    writeFileSync(join(path, 'node.lock'), JSON.stringify({ pid: other.pid, startTime }))
    await expect(openDataDirectory(path)).rejects.toMatchObject({
      code: 'data-dir.in-use',
      message: expect.stringContaining(String(other.pid)) as string,
    })
    other.kill('SIGKILL')
    await once(other, 'exit')
    const taken = await openDataDirectory(path)
    await expect(openDataDirectory(path)).rejects.toMatchObject({
      code: 'data-dir.in-use',
      message: expect.stringContaining(String(process.pid)) as string,
    })
    await taken.release()
  })

  it('whose lock names a pid that another process has got since is free', async () => {
    await (await openDataDirectory(path)).release()
    writeFileSync(join(path, 'node.lock'), JSON.stringify({ pid: process.pid, startTime: 'another boot:1' }))
    await (await openDataDirectory(path)).release()
  })

  it('with a lock that was cut off while it was written is free', async () => {
    await (await openDataDirectory(path)).release()
    writeFileSync(join(path, 'node.lock'), '{"pi')
    await (await openDataDirectory(path)).release()
  })

  it('is given to one only of many that find the same stale lock', async () => {
    await (await openDataDirectory(path)).release()
    writeFileSync(join(path, 'node.lock'), JSON.stringify({ pid: 2 ** 22 + 1, startTime: 'gone' }))
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => openDataDirectory(path)))
    expect(tries.filter((attempt) => attempt.status === 'fulfilled')).toHaveLength(1)
    for (const attempt of tries) if (attempt.status === 'fulfilled') await attempt.value.release()
    expect(readdirSync(path)).toEqual([])
  })

  it('written by a newer version is refused and left as it is', async () => {
    mkdirSync(path, { recursive: true })
    const text = JSON.stringify({ layout: LAYOUT_VERSION + 1, nodeId: 'n-1' })
    writeFileSync(join(path, 'node.json'), text)
    await expect(openDataDirectory(path)).rejects.toMatchObject({ code: 'data-dir.newer' })
    expect(readFileSync(join(path, 'node.json'), 'utf8')).toBe(text)
    expect(existsSync(join(path, 'node.lock'))).toBe(false)
  })

  it('with broken metadata is refused, not begun anew', async () => {
    mkdirSync(path, { recursive: true })
    writeFileSync(join(path, 'node.json'), '{"layout":')
    await expect(openDataDirectory(path)).rejects.toMatchObject({ code: 'data-dir.broken' })
    expect(readFileSync(join(path, 'node.json'), 'utf8')).toBe('{"layout":')
  })

  it.each(['system_metadata.yaml', 'bacalhau.run', 'orchestrator/state_boltdb.db'])(
    'of a real Bacalhau (%s) is refused, with the way to its configuration',
    async (file) => {
      mkdirSync(join(path, 'orchestrator'), { recursive: true })
      writeFileSync(join(path, file), '')
      writeFileSync(join(path, 'config.yaml'), 'NameProvider: uuid\n')
      await expect(openDataDirectory(path)).rejects.toMatchObject({
        code: 'data-dir.bacalhau',
        hint: expect.stringContaining(`--config ${join(path, 'config.yaml')}`) as string,
      })
      expect(existsSync(join(path, 'node.json'))).toBe(false)
    },
  )

  it('on the path of a file is refused', async () => {
    writeFileSync(join(root, 'a'), '')
    await expect(openDataDirectory(path)).rejects.toMatchObject({ code: 'data-dir.not-a-directory' })
  })

  it.runIf(process.platform === 'linux')('that cannot be made is refused with what the system said', async () => {
    await expect(openDataDirectory('/proc/shoal')).rejects.toMatchObject({
      code: 'data-dir.unusable',
      message: expect.stringContaining('/proc/shoal') as string,
    })
  })

  it.skipIf(asRoot)('that may not be written is refused', async () => {
    mkdirSync(path, { recursive: true, mode: 0o500 })
    await expect(openDataDirectory(path)).rejects.toMatchObject({ code: 'data-dir.not-writable' })
  })

  it.runIf(asRoot && canMount())('on a full disk, or on one mounted read-only, is refused', async () => {
    const disk = join(root, 'disk')
    mkdirSync(disk)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk])
    try {
      await expect(openDataDirectory(disk)).rejects.toMatchObject({ code: 'data-dir.full' })
      execFileSync('mount', ['-o', 'remount,ro,size=64m', disk])
      await expect(openDataDirectory(join(disk, 'data'))).rejects.toMatchObject({ code: 'data-dir.not-writable' })
    } finally {
      execFileSync('umount', [disk])
    }
  })
})

function canMount(): boolean {
  const probe = mkdtempSync(join(tmpdir(), 'shoal-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', probe], { stdio: 'ignore' })
    execFileSync('umount', [probe])
    return true
  } catch {
    return false
  } finally {
    rmSync(probe, { recursive: true, force: true })
  }
}
