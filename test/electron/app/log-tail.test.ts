import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openLogTail, type LogTail } from '../../../electron/app/log-tail'
import type { LogLine } from '../../../shared/cluster'
import { eventually } from '../../fixtures/eventually'

let folder: string
let tail: LogTail | undefined
let told: LogLine[]
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'logs-'))
  told = []
})
afterEach(async () => {
  tail?.close()
  await rm(folder, { recursive: true, force: true })
})

const line = (second: number, text: string): string => `2026-11-24T08:00:${String(second).padStart(2, '0')}.000Z INFO  ${text}\n`
const open = async () => {
  tail = await openLogTail({
    node: 'n',
    folder,
    onLines: (lines) => told.push(...lines),
    onTrouble: (error) => {
      throw error
    },
    pollMs: 10,
  })
  return tail.lines.map(({ text }) => text)
}
const untilTold = (count: number) => eventually(`${count} lines`, () => told.length >= count && told.map(({ text }) => text))

test('shows the end of what is there, then what is appended', async () => {
  await writeFile(path.join(folder, 'node.log'), line(1, 'one') + line(2, 'two'))
  expect(await open()).toEqual(['one', 'two'])
  await appendFile(path.join(folder, 'node.log'), line(3, 'three'))
  expect(await untilTold(1)).toEqual(['three'])
})

test('a line is shown when it is whole, also one whose letters come in pieces', async () => {
  expect(await open()).toEqual([])
  const bytes = Buffer.from(line(1, 'Überfahrt ⚓'))
  for (const at of [30, 31, 44, 45])
    await appendFile(path.join(folder, 'node.log'), bytes.subarray(at === 30 ? 0 : { 31: 30, 44: 31, 45: 44 }[at]!, at))
  await appendFile(path.join(folder, 'node.log'), bytes.subarray(45))
  expect(await untilTold(1)).toEqual(['Überfahrt ⚓'])
})

test('goes on through a file that is turned over', async () => {
  const file = path.join(folder, 'node.log')
  await writeFile(file, line(1, 'old'))
  await open()
  await rename(file, `${file}.1`)
  await writeFile(file, line(2, 'new, and longer than what was there before'))
  expect(await untilTold(1)).toEqual(['new, and longer than what was there before'])
})

test('several files are one log, by their times', async () => {
  await writeFile(path.join(folder, 'node.log'), line(1, 'a') + line(4, 'd'))
  await writeFile(path.join(folder, 'other.log'), line(2, 'b') + 'a line without a time\n' + line(3, 'c'))
  expect(await open()).toEqual(['a', 'b', 'a line without a time', 'c', 'd'])
})

test('of a long file only the end is read, from the start of a line', async () => {
  const text = Array.from({ length: 20_000 }, (_, index) => line(index % 60, `line ${index}`)).join('')
  await writeFile(path.join(folder, 'node.log'), text)
  const lines = await open()
  expect(lines.length).toBeLessThanOrEqual(2_000)
  expect(lines.at(-1)).toBe('line 19999')
  expect(lines.every((shown) => /^line \d+$/.test(shown))).toBe(true)
})

test('a node that has not logged yet has an empty log', async () => {
  await rm(folder, { recursive: true })
  expect(await open()).toEqual([])
})
