import { execFile } from 'node:child_process'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkNode } from '../../scripts/setup.mjs'

const SCRIPT = path.resolve(__dirname, '../../scripts/setup.mjs')

describe('checkNode', () => {
  it('takes 20.19 and newer, and refuses an older one by name', () => {
    for (const version of ['20.19.0', '20.20.2', '22.12.0', '24.0.0']) expect(() => checkNode(version)).not.toThrow()
    for (const version of ['20.18.3', '18.20.0'])
      expect(() => checkNode(version)).toThrow(`Node.js ${version} is too old: Shoal needs 20.19 or newer`)
  })
})

describe('npm run setup', () => {
  it('is quick and says what there is when nothing is missing', async () => {
    const started = performance.now()
    const { code, stderr } = await run(['--no-electron'])
    expect(stderr).toMatch(/^set-up: all there: node .*, npm packages, nats-server \d+\.\d+\.\d+ \(.*\)\n$/)
    expect(code).toBe(0)
    // Under a second by itself; three where other tests take the processors.
    expect(performance.now() - started).toBeLessThan(3000)
    expect((await run(['--no-electron', '--quiet'])).stderr).toBe('')
  })

  it('refuses an option that it does not know', async () => {
    const { code, stderr } = await run(['--nonsense'])
    expect(stderr).toMatch(/^unknown option --nonsense\nusage: /)
    expect(code).toBe(2)
  })
})

function run(args: string[]): Promise<{ code: number; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [SCRIPT, ...args], (error, _stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stderr }),
    )
  })
}
