import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLocalDirectoryStorage } from '../../../../electron/compute/storage/local-directory'

let folder: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'local-')))
  for (const name of ['open/deep', 'closed']) mkdirSync(join(folder, name), { recursive: true })
  for (const name of ['open/a.txt', 'open/deep/b.txt', 'closed/secret.txt']) writeFileSync(join(folder, name), name)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function prepare(allowed: readonly string[], SourcePath: unknown, more: object = {}): Promise<object> {
  const storage = createLocalDirectoryStorage(allowed.map((path) => join(folder, path)))
  return storage.prepare(
    {
      Source: { Type: 'localDirectory', Params: { SourcePath: typeof SourcePath === 'string' ? join(folder, SourcePath) : SourcePath, ...more } },
      Target: '/in',
    },
    folder,
  )
}

const refused = { code: 'storage.not-allowed' }

describe('a local path', () => {
  it('is used where it lies when it is allowed', async () => {
    expect(await prepare(['open'], 'open')).toEqual({ hostPath: join(folder, 'open'), target: '/in', writable: false })
    expect(await prepare(['open'], 'open/deep/b.txt')).toMatchObject({ hostPath: join(folder, 'open/deep/b.txt') })
    expect(await prepare(['**'], 'open/a.txt')).toMatchObject({ writable: false })
    expect(await prepare(['o*/**/*.txt'], 'open/deep/b.txt')).toMatchObject({ writable: false })
    expect(await prepare(['open:rw'], 'open', { ReadWrite: 'true' })).toMatchObject({ writable: true })
  })

  it('is refused when it is not listed, or for writing when it is for reading', async () => {
    await expect(prepare(['open'], 'closed')).rejects.toMatchObject(refused)
    await expect(prepare(['open'], 'opened')).rejects.toMatchObject(refused)
    await expect(prepare(['open/*'], 'open/deep/b.txt')).rejects.toMatchObject(refused)
    await expect(prepare(['open'], 'open', { ReadWrite: true })).rejects.toMatchObject(refused)
    await expect(prepare(['open:ro'], 'open', { ReadWrite: true })).rejects.toMatchObject(refused)
    expect(await createLocalDirectoryStorage([]).available()).toMatchObject({ ok: false })
  })

  it('cannot leave the list by .. or by links', async () => {
    const storage = createLocalDirectoryStorage([join(folder, 'open/**:rw'), join(folder, 'open:rw')])
    symlinkSync(join(folder, 'closed'), join(folder, 'open/link'))
    symlinkSync(join(folder, 'closed/secret.txt'), join(folder, 'open/file-link'))
    symlinkSync(join(folder, 'closed/new.txt'), join(folder, 'open/dangling'))
    for (const path of [
      'open/../closed',
      'open/deep/../../closed/secret.txt',
      'open/link',
      'open/link/secret.txt',
      'open/file-link',
      'open/link/made',
    ]) {
      const params = { SourcePath: `${folder}/${path}`, ReadWrite: true, CreateAs: 'file' }
      await expect(storage.prepare({ Source: { Type: 'local', Params: params }, Target: '/in' }, folder)).rejects.toMatchObject(refused)
    }
    await expect(prepare(['open:rw'], 'open/dangling', { ReadWrite: true, CreateAs: 'file' })).rejects.toMatchObject({ code: 'storage.local' })
    expect(existsSync(join(folder, 'closed/made')) || existsSync(join(folder, 'closed/new.txt'))).toBe(false)
  })

  it('may be listed by a link', async () => {
    symlinkSync(join(folder, 'open'), join(folder, 'alias'))
    expect(await prepare(['alias/**'], 'alias/a.txt')).toMatchObject({ hostPath: join(folder, 'open/a.txt') })
  })

  it('is made when that is asked for', async () => {
    await expect(prepare(['open:rw'], 'open/new')).rejects.toMatchObject({ code: 'storage.missing' })
    await expect(prepare(['open:rw'], 'open/new', { CreateAs: 'dir' })).rejects.toMatchObject({ code: 'storage.local' })
    await prepare(['open:rw'], 'open/new/er', { CreateAs: 'dir', ReadWrite: true })
    await prepare(['open:rw'], 'open/new/file', { CreateAs: 'file', ReadWrite: true })
    expect(existsSync(join(folder, 'open/new/er')) && existsSync(join(folder, 'open/new/file'))).toBe(true)
  })

  it('must be an absolute path', async () => {
    for (const path of [undefined, 7, null]) await expect(prepare(['open'], path)).rejects.toMatchObject({ code: 'storage.local' })
    await expect(createLocalDirectoryStorage(['/x']).sizeBytes({ SourcePath: 'x' })).rejects.toMatchObject({ code: 'storage.local' })
  })
})
