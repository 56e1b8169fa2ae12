import { existsSync, mkdtempSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openExecutionOutput, type ExecutionOutput } from '../../../../electron/compute/executors/output-file'
import { wholeOutputFile } from '../../../../electron/compute/executors/output-store'
import { openLog, type LogFrame } from '../../../../electron/compute/logs/log-files'
import { eventually } from '../../../fixtures/eventually'

let folder: string
let output: ExecutionOutput
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'logs-'))
  output = openExecutionOutput(folder)
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
  rmSync(wholeOutputFile(folder), { force: true })
})

const never = new AbortController().signal
const text = (frames: readonly LogFrame[]): string => frames.map(({ type, bytes }) => `${type}:${bytes.toString()}`).join('|')

async function all(frames: AsyncIterable<LogFrame>, into: LogFrame[] = []): Promise<LogFrame[]> {
  for await (const frame of frames) into.push(frame)
  return into
}

describe('a log', () => {
  it('has both streams apart and in order, while the program runs and after', async () => {
    await output.stdout.write(Buffer.from('a'))
    await output.stderr.write(Buffer.from('b'))
    await output.stdout.write(Buffer.from('c'))
    await output.close()
    expect(existsSync(wholeOutputFile(folder))).toBe(true)
    for (const live of [output, undefined]) {
      expect(text(await all(openLog(folder, live).read({ tail: false, follow: true, signal: never })))).toBe('1:a|2:b|1:c')
    }
  })

  it('goes on behind what an earlier run has left in one file', async () => {
    await output.stdout.write(Buffer.from('first '))
    await output.close()
    const again = openExecutionOutput(folder, { apart: true })
    await again.stdout.write(Buffer.from('second'))
    await again.close()
    expect(text(await all(openLog(folder).read({ tail: false, follow: false, signal: never })))).toBe('1:first |1:second')
    expect(await all(openLog(folder).read({ tail: true, follow: false, signal: never }))).toEqual([])
  })

  it('that was cut short tells what is left', async () => {
    await output.stdout.write(Buffer.from('whole'))
    await output.close()
    truncateSync(wholeOutputFile(folder), 10)
    expect(text(await all(openLog(folder).read({ tail: false, follow: false, signal: never })))).toBe('1:wh')
    truncateSync(wholeOutputFile(folder), 2)
    expect(await all(openLog(folder).read({ tail: false, follow: false, signal: never }))).toEqual([])
  })

  it('is followed to the end, by several', async () => {
    const readers = [1, 2].map(() => all(openLog(folder, output).read({ tail: false, follow: true, signal: never })))
    for (let at = 0; at < 200; at += 1) await output[at % 3 === 0 ? 'stderr' : 'stdout'].write(Buffer.from(`${at},`))
    await output.close()
    const expected = Array.from({ length: 200 }, (_, at) => `${at},`).join('')
    for (const frames of await Promise.all(readers)) expect(frames.map(({ bytes }) => bytes.toString()).join('')).toBe(expected)
  })

  it('can be read from now on', async () => {
    await output.stdout.write(Buffer.from('before'))
    await eventually('written', () => output.written > 0)
    const reading = openLog(folder, output).read({ tail: true, follow: true, signal: never })
    await output.stdout.write(Buffer.from('after'))
    await output.close()
    expect(text(await all(reading))).toBe('1:after')
  })

  it('ends without an error when its reader goes', async () => {
    const abort = new AbortController()
    const reading = all(openLog(folder, output).read({ tail: false, follow: true, signal: abort.signal }))
    abort.abort()
    expect(await reading).toEqual([])
    await output.close()
  })

  it('of a silent program is empty', async () => {
    await output.close()
    expect(await all(openLog(folder).read({ tail: false, follow: false, signal: never }))).toEqual([])
  })
})
