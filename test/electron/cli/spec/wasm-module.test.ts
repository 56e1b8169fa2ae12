import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { extract } from 'tar'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseInputSource } from '../../../../electron/cli/spec/input-source'
import { entryModule } from '../../../../electron/cli/spec/wasm-module'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shoal-module-'))
  await writeFile(join(folder, 'm.wasm'), '\0asm\x01\0\0\0')
  await writeFile(join(folder, 'with:colon.wasm'), '\0asm\x01\0\0\0')
  await writeFile(join(folder, 'job.yaml'), 'Type: batch')
})
afterAll(() => rm(folder, { recursive: true }))

const inline = { Type: 'inline', Params: { URL: 'data:application/wasm;base64,AGFzbQEAAAA=' } }

describe('entryModule', () => {
  it.each([
    ['m.wasm', 'main.wasm'],
    ['./m.wasm:/app/m.wasm', '/app/m.wasm'],
    ['with:colon.wasm', 'main.wasm'],
  ])('sends the file %s along', async (text, target) => {
    expect(await entryModule(text, [], folder)).toEqual({ target, input: { Source: inline, Alias: '', Target: target } })
  })

  it('packs a long module, which fits into a job only so', async () => {
    const module = Buffer.concat([
      Buffer.from('\0asm\x01\0\0\0'),
      Buffer.from(Array.from({ length: 300_000 }, (_, n) => `word ${n % 997};`).join('')),
    ])
    await writeFile(join(folder, '--long @.wasm'), module)
    const { target, input } = await entryModule('./--long @.wasm', [], folder)
    const [, archive = ''] = /^data:application\/gzip;base64,(.*)$/.exec(String(input?.Source.Params?.['URL'])) ?? []
    expect(archive.length).toBeLessThan(64 * 1024)
    await mkdir(join(folder, 'unpacked'))
    await pipeline(Readable.from(Buffer.from(archive, 'base64')), extract({ cwd: join(folder, 'unpacked') }))
    expect([target, await readdir(join(folder, 'unpacked'))]).toEqual(['main.wasm', ['--long @.wasm']])
    expect(module.equals(await readFile(join(folder, 'unpacked', '--long @.wasm')))).toBe(true)
  })

  it('takes a URI, and the target of an input', async () => {
    const uri = 'https://example.org/m.wasm'
    const input = { Source: { Type: 'urlDownload', Params: { URL: uri } }, Alias: uri, Target: 'main.wasm' }
    expect(await entryModule(uri, [], folder)).toEqual({ target: 'main.wasm', input })
    expect(await entryModule('/in/m.wasm', [parseInputSource(`${uri}:/in/m.wasm`, '/')], folder)).toEqual({ target: '/in/m.wasm' })
  })

  it.each([
    ['missing.wasm', /missing\.wasm is no file of this machine/],
    ['job.yaml', /job\.yaml is no WebAssembly module/],
    ['.', /it is a folder/],
  ])('refuses %s', async (text, says) => {
    await expect(entryModule(text, [], folder)).rejects.toThrow(says)
  })
})
