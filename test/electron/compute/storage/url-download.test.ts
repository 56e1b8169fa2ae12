import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createUrlDownloadStorage, fileName } from '../../../../electron/compute/storage/url-download'

let server: Server
let second: Server
let base: string
let other: string
const elsewhere: (string | undefined)[] = []
let folder: string
let failures = 0
const seen: string[] = []

const BIG_BYTES = 256 << 20
async function sendBig(response: ServerResponse): Promise<void> {
  response.setHeader('Content-Length', BIG_BYTES)
  const piece = Buffer.alloc(1 << 20, 7)
  for (let sent = 0; sent < BIG_BYTES; sent += piece.length) if (!response.write(piece)) await once(response, 'drain')
  response.end()
}

function sendEndless(response: ServerResponse): void {
  const write = (): void => {
    while (!response.destroyed && response.write('x'.repeat(1000)));
  }
  response.on('drain', write)
  write()
}

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push(`${request.method ?? ''} ${request.url ?? ''}`)
    if (request.url === '/page.txt') response.setHeader('Content-Length', 13).end(request.method === 'HEAD' ? undefined : 'from the web\n')
    else if (request.url === '/moved') response.writeHead(302, { Location: '/page.txt' }).end()
    else if (request.url === '/named') response.writeHead(302, { Location: '/told' }).end()
    else if (request.url === '/told') response.setHeader('Content-Disposition', 'attachment; filename="../../evil.txt"').end('x')
    else if (request.url === '/flaky' && failures > 0) {
      failures -= 1
      response.writeHead(503).end()
    } else if (request.url === '/flaky') response.end('at last')
    else if (request.url === '/slow') response.write('some')
    else if (request.url === '/cut') response.writeHead(200, { 'Content-Length': 100 }).write('short', () => response.destroy())
    else if (request.url === '/private.txt') response.end(request.headers.authorization)
    else if (request.url === '/elsewhere') response.writeHead(302, { Location: `${other}/file.txt` }).end()
    else if (request.url === '/circle') response.writeHead(302, { Location: '/circle' }).end()
    else if (request.url === '/sizeless') response.writeHead(200, { 'Transfer-Encoding': 'chunked' }).end()
    else if (request.url === '/endless' && request.method === 'HEAD') response.writeHead(200, { 'Content-Length': 5 }).end()
    else if (request.url === '/endless') sendEndless(response)
    else if (request.url === '/big') void sendBig(response)
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  second = createServer((request, response) => {
    elsewhere.push(request.headers.authorization)
    response.end('there')
  })
  await new Promise<void>((resolve) => second.listen(0, '127.0.0.1', resolve))
  other = `http://127.0.0.1:${(second.address() as AddressInfo).port}`
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'url-'))
  seen.length = 0
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
afterAll(() => {
  server.closeAllConnections()
  server.close()
  second.closeAllConnections()
  second.close()
})

const storage = createUrlDownloadStorage({ timeoutMs: 300, retries: 2, retryDelayMs: () => 1 })
const fetched = async (path: string): Promise<readonly string[]> => {
  await storage.prepare({ Source: { Type: 'urlDownload', Params: { URL: base + path } }, Target: '/in' }, folder)
  return readdirSync(folder)
}

describe('a download', () => {
  it('lies in its folder under the name of its URL, or of what it was led to', async () => {
    expect(await fetched('/page.txt')).toEqual(['page.txt'])
    expect(readFileSync(join(folder, 'page.txt'), 'utf8')).toBe('from the web\n')
    expect(await fetched('/moved')).toEqual(['page.txt'])
    expect(await fetched('/named')).toEqual(['evil.txt', 'page.txt'])
    expect(await storage.sizeBytes({ URL: `${base}/page.txt` })).toBe(13)
  })

  it('is tried again, but not for ever, and names what failed', async () => {
    failures = 2
    expect(await fetched('/flaky')).toEqual(['flaky'])
    failures = 3
    await expect(fetched('/flaky')).rejects.toMatchObject({
      code: 'storage.url',
      message: expect.stringMatching(/\/flaky .*503.*3 tries/) as unknown,
    })
    await expect(fetched('/missing.txt')).rejects.toMatchObject({ message: expect.stringMatching(/missing\.txt .*404/) as unknown })
    await expect(storage.sizeBytes({ URL: `${base}/missing.txt` })).rejects.toMatchObject({
      message: expect.stringMatching(/missing\.txt/) as unknown,
    })
  })

  it('that is cut short or never ends is an error, and leaves no file', async () => {
    await expect(fetched('/cut')).rejects.toMatchObject({ code: 'storage.url' })
    await expect(fetched('/slow')).rejects.toMatchObject({ message: expect.stringMatching(/within 0\.3 s/) as unknown })
    expect(readdirSync(folder).filter((name) => name !== '.part')).toEqual([])
  })

  it('that has no length ends at what was announced for it', async () => {
    const patient = createUrlDownloadStorage({ timeoutMs: 60_000, retries: 0 })
    const endless = patient.prepare({ Source: { Type: 'urlDownload', Params: { URL: `${base}/endless` } }, Target: '/in' }, folder)
    await expect(endless).rejects.toMatchObject({ message: expect.stringMatching(/more comes than the 5 bytes that HEAD told/) as unknown })
    expect(readdirSync(folder).filter((name) => name !== '.part')).toEqual([])
  })

  it('of many megabytes goes to the disk as it comes', async () => {
    const patient = createUrlDownloadStorage({ timeoutMs: 60_000, retries: 0 })
    const before = process.memoryUsage().rss
    let most = 0
    const look = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20)
    await patient.prepare({ Source: { Type: 'urlDownload', Params: { URL: `${base}/big` } }, Target: '/in' }, folder)
    clearInterval(look)
    expect(statSync(join(folder, 'big')).size).toBe(BIG_BYTES)
    expect(most - before).toBeLessThan(150 << 20)
  }, 60_000)

  it.each([
    ['leads round and round', () => `${base}/circle`, /redirect/],
    ['leads to a machine where nobody listens', () => 'http://127.0.0.1:9/file', /ECONNREFUSED|browsers block/],
    ['leads to a port of another protocol', () => 'http://127.0.0.1:6667/file', /its port is one that browsers block/],
    ['leads to a name that there is not', () => 'http://nowhere.invalid/file', /nowhere\.invalid/],
    ['speaks another protocol', () => `${base.replace('http:', 'https:')}/page.txt`, /does not answer in TLS/],
  ])('that %s says so', async (_, url, why) => {
    const once_ = createUrlDownloadStorage({ timeoutMs: 5000, retries: 0 })
    const failing = once_.prepare({ Source: { Type: 'urlDownload', Params: { URL: url() } }, Target: '/in' }, folder)
    await expect(failing).rejects.toMatchObject({
      code: 'storage.url',
      message: expect.stringMatching(why) as unknown,
      hint: expect.any(String) as unknown,
    })
    expect(readdirSync(folder)).toEqual([])
  })

  it('without a size has none to be bid for', async () => {
    await expect(storage.sizeBytes({ URL: `${base}/sizeless` })).rejects.toMatchObject({
      message: expect.stringMatching(/Content-Length/) as unknown,
    })
  })

  it('gives the credentials of its address to that server alone, and shows them nowhere', async () => {
    const withCredentials = (path: string): string => `${base.replace('//', '//user:canary%20secret@')}${path}`
    const get = (URL: string) => storage.prepare({ Source: { Type: 'urlDownload', Params: { URL } }, Target: '/in' }, folder)
    await get(withCredentials('/private.txt'))
    expect(readFileSync(join(folder, 'private.txt'), 'utf8')).toBe(`Basic ${Buffer.from('user:canary secret').toString('base64')}`)
    await get(withCredentials('/elsewhere'))
    expect(elsewhere).toEqual([undefined])
    const failure = await get(withCredentials('/missing.txt')).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'storage.url', message: expect.stringContaining('/missing.txt') as unknown })
    expect(JSON.stringify(failure) + String(failure)).not.toContain('canary')
  })

  it('can be called off', async () => {
    const abort = new AbortController()
    const downloading = storage.prepare({ Source: { Type: 'urlDownload', Params: { URL: `${base}/slow` } }, Target: '/in' }, folder, abort.signal)
    abort.abort()
    await expect(downloading).rejects.toMatchObject({ code: 'storage.url' })
    expect(seen.length).toBeLessThanOrEqual(1)
  })

  it('wants an address of a file', async () => {
    for (const URL of [undefined, 'ftp://x/y', 'http://x', 'http://x/', 'nonsense']) {
      await expect(storage.sizeBytes({ URL })).rejects.toMatchObject({ code: 'storage.url' })
    }
  })

  it('never has a name that is a path', () => {
    expect(fileName('http://x/a/b%2Fc.txt', false, null)).toBe('c.txt')
    expect(fileName('http://x/..%2f..', false, null)).toMatch(/^[\da-f-]{36}$/)
    expect(fileName('http://x/', true, 'attachment; filename=ok.bin')).toBe('ok.bin')
    expect(fileName('http://x/100%', false, null)).toBe('100%')
  })
})
