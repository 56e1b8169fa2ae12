import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findStaticFile } from '../../../../electron/app/page/static-file'

let folder: string
let root: string
beforeAll(async () => {
  folder = await realpath(await mkdtemp(path.join(tmpdir(), 'bundle-')))
  root = path.join(folder, 'renderer')
  await mkdir(path.join(root, 'assets'), { recursive: true })
  await mkdir(path.join(folder, 'renderer-evil'))
  await writeFile(path.join(root, 'index.html'), 'page')
  await writeFile(path.join(root, 'assets/app.js'), 'script')
  await writeFile(path.join(root, 'assets/key.pem'), 'no type of ours')
  await writeFile(path.join(folder, 'secret.json'), 'outside')
  await writeFile(path.join(folder, 'renderer-evil/x.js'), 'beside')
  await symlink(path.join(folder, 'secret.json'), path.join(root, 'link.json'))
  await symlink(path.join(folder, 'renderer-evil'), path.join(root, 'dir'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('serves what lies in the bundle, with its type', async () => {
  expect(await findStaticFile(root, 'app://shoal/index.html')).toEqual({
    path: path.join(root, 'index.html'),
    contentType: 'text/html; charset=utf-8',
  })
  expect(await findStaticFile(root, 'app://shoal/assets/app.js?v=1#x')).toMatchObject({ contentType: 'text/javascript; charset=utf-8' })
})

test.each([
  'app://shoal/link.json',
  'app://shoal/dir/x.js',
  'app://shoal/assets/key.pem',
  'app://shoal/assets',
  'app://shoal/missing.js',
  'app://shoal/..%2fsecret.json',
  'app://shoal/%2e%2e/secret.json',
  'app://shoal/../renderer-evil/x.js',
  'app://shoal/index.html%00.js',
  'app://shoal/%',
  'app://shoal.evil/index.html',
  'app://user@shoal/index.html',
  'app://shoal:80/index.html',
  'file:///etc/passwd',
  'not a url',
])('serves nothing for %s', async (url) => {
  expect(await findStaticFile(root, url)).toBeUndefined()
})

test('never leaves the bundle, whatever is asked for', async () => {
  const part = fc.oneof(
    fc.constantFrom('..', '.', '%2e%2e', '..%2f', '%5c', '/', 'secret.json', 'link.json', 'dir', 'renderer-evil', 'x.js', '%00'),
    fc.string({ maxLength: 6 }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 8 }), async (parts) => {
      const found = await findStaticFile(root, `app://shoal/${parts.join('/')}`)
      expect(found === undefined || found.path.startsWith(`${root}${path.sep}`)).toBe(true)
    }),
    { numRuns: 300 },
  )
})
