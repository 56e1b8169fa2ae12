import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findNatsServer, isNewEnough, parseVersion } from '../../../electron/nats/binary'
import { natsServerBinary } from '../../fixtures/nats-server'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'binary-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

/** A program that calls itself a nats-server of that version. */
function pretender(name: string, script: string): string {
  const file = join(dir, name)
  writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return file
}

describe.skipIf(process.platform === 'win32')('findNatsServer', () => {
  it('takes the first that is new enough, and tells its version', async () => {
    const old = pretender('old', 'echo "nats-server: v2.9.10"')
    const found = await findNatsServer({ candidates: [join(dir, 'missing'), old, natsServerBinary()], path: '' })
    expect(found.path).toBe(natsServerBinary())
    expect(isNewEnough(found.version)).toBe(true)
  })

  it('looks through PATH after its own places', async () => {
    const onPath = pretender('nats-server', 'echo "nats-server: v2.12.0"')
    expect(await findNatsServer({ candidates: [], path: `/nowhere:${dir}` })).toEqual({ path: onPath, version: '2.12.0' })
  })

  it('names one that is too old, and one that does not run', async () => {
    const old = pretender('old', 'echo "nats-server: v2.9.10"')
    const broken = pretender('broken', 'exit 3')
    await expect(findNatsServer({ candidates: [old, broken], path: '' })).rejects.toMatchObject({
      code: 'nats.too-old',
      message: expect.stringMatching(/2\.11 or newer.*old is 2\.9\.10; .*broken does not run/) as string,
      hint: expect.stringContaining('npm run setup') as string,
    })
    await expect(findNatsServer({ candidates: [broken], path: '' })).rejects.toMatchObject({ code: 'nats.unusable' })
  })

  it('says that there is none', async () => {
    await expect(findNatsServer({ candidates: [join(dir, 'missing')], path: dir })).rejects.toMatchObject({ code: 'nats.missing' })
  })
})

describe('versions', () => {
  it.each([
    ['nats-server: v2.15.1\n', '2.15.1'],
    ['nats-server: v2.11.0-beta.2\n', '2.11.0-beta.2'],
    ['usage: something else', undefined],
  ])('reads %j', (output, version) => expect(parseVersion(output)).toBe(version))

  it.each([
    ['2.10.27', false],
    ['2.11.0', true],
    ['2.15.1', true],
    ['3.0.0', true],
    ['1.20.0', false],
  ])('%s is new enough: %s', (version, expected) => expect(isNewEnough(version)).toBe(expected))
})
