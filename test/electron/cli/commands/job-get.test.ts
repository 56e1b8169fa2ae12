import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { create, Header } from 'tar'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { playServer } from '../../../fixtures/recorded-server'
import type { PlayedServer } from '../../../fixtures/recorded-server'
import { makeShoalHome } from '../../../fixtures/shoal-command'
import type { Finished, ShoalHome } from '../../../fixtures/shoal-command'

let home: ShoalHome
let server: PlayedServer
let count = 0
let items: readonly unknown[] = []
const archives = new Map<string, Buffer>()
beforeAll(() => {
  home = makeShoalHome()
})
beforeEach(async () => {
  archives.clear()
  server = await playServer((request, response) => {
    if (request.path === '/api/v1/orchestrator/jobs/j-1/results') {
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ NextToken: '', Items: items }))
      return
    }
    const archive = archives.get(request.path)
    if (archive === undefined) response.writeHead(404).end('gone')
    else response.writeHead(200, { 'Content-Length': archive.length }).end(archive)
  })
})
afterEach(() => server.stop())
afterAll(() => home.remove())

const get = (...args: string[]): Promise<Finished> =>
  home.run(['job', 'get', ...args], { env: { BACALHAU_API_HOST: '127.0.0.1', BACALHAU_API_PORT: String(server.port) } })

/** Serves a result with these files; a name that ends with a slash is a folder, `@` before the text makes a link. */
async function publish(name: string, files: Readonly<Record<string, string>>): Promise<void> {
  const folder = join(home.home, `made-${(count += 1)}`)
  for (const [file, text] of Object.entries(files)) {
    await mkdir(join(folder, file.endsWith('/') ? file : join(file, '..')), { recursive: true })
    if (file.endsWith('/')) continue
    await (text.startsWith('@') ? symlink(text.slice(1), join(folder, file)) : writeFile(join(folder, file), text))
  }
  await create({ cwd: folder, file: `${folder}.tar.gz`, gzip: true }, readdirSync(folder))
  archives.set(`/${name}.tar.gz`, await readFile(`${folder}.tar.gz`))
}

const urls = (...names: string[]): unknown[] => names.map((name) => ({ Type: 'urlDownload', Params: { URL: `${server.url}/${name}.tar.gz` } }))
const folder = async (): Promise<string> => {
  const path = join(home.home, `got-${(count += 1)}`)
  await mkdir(path)
  return path
}
const tree = (path: string): string[] => readdirSync(path, { recursive: true }).map(String).sort()

describe('job get', () => {
  it('unpacks one result into a folder of the name of the job, and never overwrites it', async () => {
    await publish('e-1', { stdout: 'done\n', stderr: '', exitCode: '0', 'outputs/answer.txt': '42\n', 'empty/': '' })
    items = urls('e-1')
    const first = await get('j-1')
    const target = join(home.home, 'job-j-1')
    expect([first.code, first.out, first.err]).toEqual([
      0,
      `Results for job 'j-1' have been written to...\n${target}\n`,
      "Fetching results of job 'j-1'...\n",
    ])
    expect(tree(target)).toEqual(['empty', 'exitCode', 'outputs', 'outputs/answer.txt', 'stderr', 'stdout'])
    await writeFile(join(target, 'stdout'), 'mine')
    const again = await get('j-1')
    expect([again.code, again.out]).toEqual([1, ''])
    expect(again.err).toContain(`Error: cannot merge results as output already exists: ${target}/exitCode.\nHint: `)
    expect(await readFile(join(target, 'stdout'), 'utf8')).toBe('mine')
    const name = `127.0.0.1_${server.port}_e-1`
    expect(tree(target)).toContain(`raw/${name}/outputs/answer.txt`)
    expect(tree(target)).toContain(`raw/${name}.tar.gz`)
  })

  it('puts several results together, or keeps them raw, or one path only', async () => {
    await publish('e-1', { stdout: 'one\n', exitCode: '0', 'out/a': 'A' })
    await publish('e-2', { stdout: 'two\n', exitCode: '3', 'out/b': 'B' })
    items = urls('e-1', 'e-2')
    const whole = await folder()
    expect((await get('j-1', '--output-dir', whole)).code).toBe(0)
    expect(tree(whole)).toEqual(['exitCode', 'out', 'out/a', 'out/b', 'stdout'])
    expect(await readFile(join(whole, 'stdout'), 'utf8')).toBe('one\ntwo\n')
    const raw = await folder()
    expect((await get('j-1', '--raw', '--output-dir', raw)).code).toBe(0)
    expect(tree(raw)).toEqual(['raw', `raw/127.0.0.1_${server.port}_e-1.tar.gz`, `raw/127.0.0.1_${server.port}_e-2.tar.gz`])
    const part = await folder()
    expect((await get('j-1/out/b', '--output-dir', part)).code).toBe(0)
    expect(tree(part)).toEqual(['out', 'out/b'])
    expect((await get('j-1/nothing', '--output-dir', await folder())).err).toMatch(/Error: The results hold no nothing/)
  })

  it('lets no archive out of its folder', async () => {
    await publish('e-1', { stdout: 'x', link: '@/etc/passwd' })
    items = urls('e-1')
    const target = await folder()
    const done = await get('j-1', '--output-dir', target)
    expect([done.code, tree(target)]).toEqual([0, ['stdout']])
    expect(done.err).toMatch(/Warning: 1 links or devices in .* are left out/)
    const text = Buffer.from('evil')
    const header = new Header({ path: '../../evil.txt', size: text.length, type: 'File', mode: 0o644, mtime: new Date(0) })
    const blocks = Buffer.alloc(512 * 4)
    header.encode(blocks)
    text.copy(blocks, 512)
    archives.set('/e-1.tar.gz', gzipSync(blocks))
    const other = await folder()
    const refused = await get('j-1', '--output-dir', other)
    expect(refused.code).toBe(1)
    expect(refused.err).toMatch(/Error: .*e-1\.tar\.gz cannot be unpacked: /)
    expect([existsSync(join(other, 'evil.txt')), existsSync(join(home.home, 'evil.txt'))]).toEqual([false, false])
  })

  it('tells what is missing: results, a folder, a node, an archive', async () => {
    items = []
    const none = await get('j-1')
    expect([none.code, none.out]).toEqual([0, 'No results found\nTo see what the job has printed, execute:\n\tshoal job logs j-1\n'])
    items = urls('e-9')
    expect((await get('j-1', '--output-dir', 'nowhere')).err).toMatch(/Error: output dir does not exist: .*nowhere\nHint: /)
    const gone = await get('j-1', '--output-dir', await folder())
    expect([gone.code, gone.err]).toEqual([
      1,
      expect.stringMatching(/Error: The result at http:.*e-9\.tar\.gz cannot be fetched: it is answered with 404/),
    ])
    archives.set('/e-9.tar.gz', Buffer.from('no archive'))
    expect((await get('j-1', '--output-dir', await folder())).err).toMatch(/cannot be unpacked/)
    items = [{ Type: 'ipfs', Params: { CID: 'Qm' } }]
    const elsewhere = await get('j-1')
    expect([elsewhere.code, elsewhere.err]).toEqual([0, expect.stringMatching(/"CID": "Qm"/)])
  })
})
