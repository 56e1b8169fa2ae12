import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { putDown } from '../../../../electron/compute/executors/put-down'
import { createInlineStorage } from '../../../../electron/compute/storage/inline'
import { writeFileSync } from 'node:fs'
import { packTar } from '../../../../electron/compute/storage/tar-archive'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inline-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const storage = createInlineStorage()
const source = (URL: unknown): { Source: { Type: string; Params: { URL: unknown } }; Target: string } => ({
  Source: { Type: 'inline', Params: { URL } },
  Target: '/in',
})
const base64 = (bytes: Uint8Array, kind: string): string => `data:${kind};base64,${Buffer.from(bytes).toString('base64')}`

/** A tar header and content by hand, so that it may hold what no archiver writes. */
function entry(name: string, content: string, type = '0', link = ''): Buffer {
  const header = Buffer.alloc(512)
  header.write(name, 0)
  header.write('0000644\0', 100)
  header.write(content.length.toString(8).padStart(11, '0') + '\0', 124)
  header.write('00000000000\0', 136)
  header.write('        ', 148)
  header.write(type, 156)
  header.write(link, 157)
  header.write('ustar\x0000', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(sum.toString(8).padStart(6, '0') + '\0 ', 148)
  return Buffer.concat([header, Buffer.from(content.padEnd(Math.ceil(content.length / 512) * 512, '\0'))])
}

describe('an inline input', () => {
  it('is a file, in base64 or percent-encoded, on the disk when somebody needs it there', async () => {
    for (const url of [base64(Buffer.from('a b'), 'text/plain;charset=utf-8'), 'data:,a%20b', 'data:text/plain,a b']) {
      const mount = await storage.prepare(source(url), join(folder, String(Math.random())))
      expect(existsSync(mount.hostPath)).toBe(false)
      await putDown(mount)
      expect(readFileSync(mount.hostPath, 'utf8')).toBe('a b')
      expect(mount).toMatchObject({ target: '/in', writable: false })
      expect(await storage.sizeBytes({ URL: url })).toBe(3)
    }
  })

  it('is a folder when it is a packed one', async () => {
    mkdirSync(join(folder, 'made/deep'), { recursive: true })
    writeFileSync(join(folder, 'made/deep/a.txt'), 'inside')
    await packTar(folder, ['made'], join(folder, 'made.tar.gz'))
    const mount = await storage.prepare(source(base64(readFileSync(join(folder, 'made.tar.gz')), 'application/gzip')), join(folder, 'work'))
    expect(readFileSync(join(mount.hostPath, 'made/deep/a.txt'), 'utf8')).toBe('inside')
  })

  it.each([
    ['with ..', entry('../out.txt', 'x')],
    ['with an absolute path', entry('/tmp/shoal-inline-escape.txt', 'x')],
    ['with a link', Buffer.concat([entry('link', '', '2', '/'), entry('link/tmp/shoal-inline-escape.txt', 'x')])],
  ])('never writes outside of its folder: an archive %s', async (_, tar) => {
    const packed = base64(gzipSync(Buffer.concat([tar, Buffer.alloc(1024)])), 'application/gzip')
    await storage.prepare(source(packed), join(folder, 'work')).catch((error: unknown) => expect(error).toMatchObject({ code: 'storage.tar' }))
    expect(existsSync(join(folder, 'work/out.txt')) || existsSync('/tmp/shoal-inline-escape.txt') || existsSync(join(folder, 'out.txt'))).toBe(false)
  })

  it.each([
    ['no URL', undefined],
    ['another scheme', 'http://x/y'],
    ['no base64', 'data:text/plain;base64,%%%'],
    ['no gzip', base64(Buffer.from('plain'), 'application/gzip')],
    ['too much', base64(gzipSync(Buffer.alloc(101 * 1024 * 1024)), 'application/gzip')],
  ])('is refused with a reason: %s', async (_, url) => {
    await expect(storage.prepare(source(url), join(folder, 'work'))).rejects.toMatchObject({ code: 'storage.inline' })
  })
})
