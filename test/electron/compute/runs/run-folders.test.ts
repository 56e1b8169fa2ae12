import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clearRun, folderName, LOGS_KEPT_MS, makeResultFolders, runFolders, sweepFolders } from '../../../../electron/compute/runs/run-folders'

let output: string
beforeEach(() => {
  output = mkdtempSync(join(tmpdir(), 'shoal-output-'))
})
afterEach(() => rmSync(output, { recursive: true, force: true }))

describe('the folder of an execution', () => {
  it.each(['../x', '/etc', '.', '..', '', 'a/b', 'x'.repeat(300)])('is never a path of its id: %j', (id) =>
    expect(folderName(id)).toMatch(/^[0-9a-f]{64}$/),
  )
  it('has the name of a plain id', () => expect(folderName('e-0f.1')).toBe('e-0f.1'))

  it('keeps the output and loses the rest, without following links', async () => {
    const folders = runFolders(output, 'e-1')
    const outside = join(output, 'outside')
    mkdirSync(outside)
    writeFileSync(join(outside, 'precious'), '')
    await makeResultFolders(folders, { ResultPaths: [{ Name: '../../n', Path: '/out' }] })
    mkdirSync(join(folders.work, 'deep', 'er'), { recursive: true })
    mkdirSync(folders.input(0))
    writeFileSync(join(folders.input(0), 'input'), 'x')
    symlinkSync(outside, join(folders.work, 'deep', 'link'))
    writeFileSync(join(folders.root, 'stdout'), 'said')
    await clearRun(folders)
    expect([folders.work, folders.input(0), folders.result(0)].filter((path) => existsSync(path))).toEqual([])
    expect(existsSync(join(folders.root, 'stdout'))).toBe(true)
    expect(existsSync(join(outside, 'precious'))).toBe(true)
    await clearRun(runFolders(output, 'e-none'))
  })

  it('is removed an hour after the end, also when nobody knows it any more', async () => {
    for (const name of ['live', 'ended', 'recent', 'unknown', 'unknown-new']) mkdirSync(join(output, name))
    for (const name of ['ended+output', 'recent+output']) writeFileSync(join(output, name), '')
    const now = Date.now()
    utimesSync(join(output, 'unknown'), 0, (now - LOGS_KEPT_MS - 5000) / 1000)
    const uses = { live: { kind: 'live' }, ended: { kind: 'ended', at: now - LOGS_KEPT_MS }, recent: { kind: 'ended', at: now - 1000 } } as const
    expect(await sweepFolders(output, (name) => (name in uses ? uses[name as keyof typeof uses] : undefined), now)).toBe(3)
    expect(readdirSync(output).sort()).toEqual(['live', 'recent', 'recent+output', 'unknown-new'])
    expect(await sweepFolders(join(output, 'none'), () => undefined, now)).toBe(0)
  })
})
