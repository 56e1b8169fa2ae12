import { linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { createServer, get, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { list } from 'tar'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLocalPublisher, type LocalPublisher } from '../../../../electron/compute/publishers/local'
import { resultAddresses } from '../../../../electron/compute/publishers/result-address'
import type { FinishedWork } from '../../../../electron/compute/publishers/publisher'
import { createLogger } from '../../../../electron/log/logger'
import { findFreePort } from '../../../../electron/process/ports'
import { eventually } from '../../../fixtures/eventually'

let folder: string
const open: { close(): unknown }[] = []
const log = createLogger({ sinks: [], level: 'error', secrets: () => [] })
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'publish-'))
})
afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
  rmSync(folder, { recursive: true, force: true })
})

async function publisher(more: { port?: number; portAsked?: boolean; hosts?: readonly string[] } = {}): Promise<LocalPublisher> {
  const { port = (await findFreePort('127.0.0.1', 0, 1))!, portAsked = false, hosts = ['127.0.0.1'] } = more
  const made = createLocalPublisher({
    folder,
    addresses: () => hosts.map((host) => ({ advertised: host, bind: '127.0.0.1' })),
    port,
    portAsked,
    log,
  })
  open.push(made)
  return made
}

function work(executionId = 'e-1'): FinishedWork {
  const outputFolder = join(folder, executionId)
  const hostPath = join(outputFolder, 'results/data')
  mkdirSync(hostPath, { recursive: true })
  writeFileSync(join(outputFolder, 'stdout'), 'out\n')
  writeFileSync(join(hostPath, 'answer.txt'), 'forty-two\n')
  symlinkSync('/etc/passwd', join(hostPath, 'link'))
  return { executionId, jobId: 'j-1', outputFolder, results: [{ name: 'data', hostPath, target: '/data' }], exitCode: 7 }
}

async function unpacked(archive: Buffer): Promise<Record<string, string>> {
  const file = join(folder, 'fetched.tar')
  writeFileSync(file, gunzipSync(archive))
  const found: Record<string, string> = {}
  const reading: Promise<void>[] = []
  await list({
    file,
    onReadEntry: (entry) => {
      const chunks: Buffer[] = []
      entry.on('data', (chunk) => chunks.push(Buffer.from(chunk)))
      reading.push(
        new Promise((resolve) => entry.on('end', () => resolve(void (found[entry.path] = `${entry.type}:${Buffer.concat(chunks).toString()}`)))),
      )
    },
  })
  await Promise.all(reading)
  return found
}

async function taken(): Promise<number> {
  const server: Server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  open.push({ close: () => server.close() })
  return (server.address() as AddressInfo).port
}

/** Where a descriptor of this process leads; one that has just been closed leads nowhere. */
const linkOf = (fd: string): string => {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`)
  } catch {
    return ''
  }
}

const urlOf = (result: { readonly Params?: Readonly<Record<string, unknown>> | null }): string => String(result.Params?.['URL'])

describe('the local publisher', () => {
  it('hands out stdout, stderr, exitCode and a folder for each result, links as links', async () => {
    const given = work()
    const result = await (await publisher()).publish(given)
    expect(result.Type).toBe('urlDownload')
    const answer = await fetch(urlOf(result))
    expect(await unpacked(Buffer.from(await answer.arrayBuffer()))).toEqual({
      stdout: 'File:out\n',
      stderr: 'File:',
      exitCode: 'File:7',
      'data/': 'Directory:',
      'data/answer.txt': 'File:forty-two\n',
      'data/link': 'SymbolicLink:',
    })
    expect(readFileSync(join(given.results[0]!.hostPath, 'answer.txt'), 'utf8')).toBe('forty-two\n')
  })

  it('packs a file of two names twice, and one whose name is no text under one that is', async () => {
    const given = work()
    const { hostPath } = given.results[0]!
    linkSync(join(hostPath, 'answer.txt'), join(hostPath, 'again.txt'))
    const odd = Buffer.concat([Buffer.from(`${hostPath}/`), Buffer.from([0x62, 0xff])])
    mkdirSync(odd)
    writeFileSync(Buffer.concat([odd, Buffer.from('/'), Buffer.from([0xc3])]), 'odd\n')
    const answer = await fetch(urlOf(await (await publisher()).publish(given)))
    expect(await unpacked(Buffer.from(await answer.arrayBuffer()))).toMatchObject({
      'data/answer.txt': 'File:forty-two\n',
      'data/again.txt': 'File:forty-two\n',
      'data/b%ff/%c3': 'File:odd\n',
    })
  })

  it('has no list, and nothing beside its archives', async () => {
    const url = urlOf(await (await publisher()).publish(work()))
    writeFileSync(join(folder, 'results/local-publisher/other.txt'), 'x')
    for (const path of ['/', '/other.txt', '/../../e-1/stdout', '/%2e%2e/x.tar.gz', '/.packing-e-1', '/none.tar.gz']) {
      expect((await fetch(new URL(path, url))).status).toBe(404)
    }
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(405)
    expect((await fetch(url, { method: 'HEAD' })).headers.get('content-type')).toBe('application/gzip')
    const part = await fetch(url, { headers: { Range: 'bytes=0-1' } })
    expect([part.status, Buffer.from(await part.arrayBuffer()).toString('hex')]).toEqual([206, '1f8b'])
  })

  it('has what it had after a restart', async () => {
    const port = (await findFreePort('127.0.0.1', 0, 1))!
    const first = await publisher({ port })
    const url = urlOf(await first.publish(work()))
    await first.close()
    await (await publisher({ port })).serve()
    expect((await fetch(url)).status).toBe(200)
  })

  it.runIf(process.platform === 'linux')('keeps nothing open for readers who vanish in the middle', async () => {
    const given = work()
    // Nothing that packs well, and more than sockets hold on the way.
    writeFileSync(join(given.outputFolder, 'stdout'), randomBytes(32 << 20))
    const url = urlOf(await (await publisher()).publish(given))
    const openArchives = () => readdirSync('/proc/self/fd').filter((fd) => linkOf(fd).endsWith('.tar.gz')).length
    await Promise.all(
      Array.from(
        { length: 20 },
        () =>
          new Promise<void>((resolve, reject) => {
            const request = get(url, { agent: false }, (response) => {
              response.once('data', () => {
                request.destroy()
                resolve()
              })
              response.once('error', () => undefined) // It is we who end it.
            })
            request.once('error', reject)
          }),
      ),
    )
    await eventually('all of them are closed', () => openArchives() === 0)
    expect((await (await fetch(url)).arrayBuffer()).byteLength).toBeGreaterThan(32 << 20)
  })

  it('goes to the next port when the default one is taken, and says who has one that was asked for', async () => {
    const port = await taken()
    const url = new URL(urlOf(await (await publisher({ port })).publish(work())))
    expect(Number(url.port)).toBeGreaterThan(port)
    expect((await fetch(url)).status).toBe(200)
    await expect((await publisher({ port, portAsked: true })).publish(work('e-2'))).rejects.toMatchObject({
      code: 'port.taken',
      hint: expect.stringContaining('Publishers.Types.Local.Port') as unknown,
    })
  })

  it('takes its own looks at the port for no other program', async () => {
    const made = await publisher({ portAsked: true })
    const looks = Array.from({ length: 8 }, () => made.available())
    const published = made.publish(work('e-looked-at'))
    expect(await Promise.all(looks)).toEqual(looks.map(() => ({ ok: true })))
    expect(await published).toMatchObject({ Type: 'urlDownload' })
    expect(await made.available()).toEqual({ ok: true })
  })

  it('tells an address only when it answers there', async () => {
    const url = urlOf(await (await publisher({ hosts: ['127.0.0.77', '127.0.0.1'] })).publish(work()))
    expect(new URL(url).hostname).toBe('127.0.0.1')
    await expect((await publisher({ hosts: ['127.0.0.77'] })).publish(work('e-2'))).rejects.toMatchObject({ code: 'publisher.unreachable' })
  })

  it('refuses names that are no folder names', async () => {
    const given = work()
    for (const name of ['..', 'a/b', 'stdout']) {
      await expect((await publisher()).publish({ ...given, results: [{ ...given.results[0]!, name }] })).rejects.toMatchObject({
        code: 'publisher.pack',
      })
    }
  })
})

describe('the address of results', () => {
  const own = [
    { address: '127.0.0.1', family: 'IPv4', internal: true },
    { address: '10.0.0.5', family: 'IPv4', internal: false },
  ] as const
  const base = { configured: '127.0.0.1', asked: false, advertised: '', towardsOrchestrator: undefined, own }

  it('is the one that was asked for, alone', () => {
    expect(resultAddresses({ ...base, configured: 'results.example', asked: true })).toEqual([{ advertised: 'results.example', bind: '0.0.0.0' }])
  })
  it('is the one towards the orchestrator when none was asked for', () => {
    expect(resultAddresses({ ...base, towardsOrchestrator: '10.0.0.5' })[0]).toEqual({ advertised: '10.0.0.5', bind: '0.0.0.0' })
    expect(resultAddresses({ ...base, towardsOrchestrator: '127.0.0.1' })[0]).toEqual({ advertised: '127.0.0.1', bind: '127.0.0.1' })
    expect(resultAddresses({ ...base, advertised: '1.2.3.4' })[0]).toEqual({ advertised: '1.2.3.4', bind: '0.0.0.0' })
  })
})
