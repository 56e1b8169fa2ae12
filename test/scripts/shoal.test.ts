import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'

const ROOT = path.resolve(__dirname, '../..')
const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { version: string }
const home = mkdtempSync(path.join(tmpdir(), 'shoal-npx-'))
const env = { ...process.env, HOME: home, npm_config_cache: path.join(home, 'npm') }

afterAll(() => rmSync(home, { recursive: true, force: true }))

/** `npx --no-install shoal` in the checkout, as somebody types it. */
function npx(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile('npx', ['--no-install', 'shoal', ...args], { cwd: ROOT, env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
    })
  })
}

describe.runIf(process.platform === 'linux')('npx shoal', () => {
  it('runs the command line and passes its output and exit code on', async () => {
    expect(await npx(['--version'])).toMatchObject({ code: 0, stdout: `shoal ${version}\n` })
    const failed = await npx(['node', 'list', '--api-port', '1'])
    expect(failed.code).toBe(1)
    expect(failed.stdout).toBe('')
    expect(failed.stderr).toContain('127.0.0.1:1')
  })

  it.each(['SIGKILL', 'SIGTERM'] as const)('ends the node that it started when npx gets %s', async (signal) => {
    const data = path.join(home, signal)
    const serve = ['serve', '--compute', '--data-dir', data, '-c', 'API.Port=0', '-c', 'Compute.Orchestrators=nats://127.0.0.1:1']
    const child = spawn('npx', ['--no-install', 'shoal', ...serve], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'ignore'] })
    await new Promise<void>((resolve) => child.stdout.on('data', (chunk: Buffer) => chunk.includes('compute node') && resolve()))
    expect(nodesOver(data)).toHaveLength(1)
    child.kill(signal)
    await vi.waitFor(() => expect(nodesOver(data)).toEqual([]), { timeout: 10_000, interval: 100 })
  })
})

/** Command lines of the Node.js processes that name a folder; a zombie has none. */
function nodesOver(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      } catch {
        return [] // It ended meanwhile.
      }
    })
    .filter((words) => path.basename(words[0] ?? '') === 'node' && words.includes(folder))
    .map((words) => words.join(' '))
}
