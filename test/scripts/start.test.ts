import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'

const SCRIPT = path.resolve(__dirname, '../../scripts/start.mjs')

it.runIf(process.platform === 'linux')(
  'brings the cluster up in the terminal where there is no display, says so, and takes it down at Ctrl-C',
  async () => {
    const home = mkdtempSync(path.join(tmpdir(), 'shoal-start-'))
    const kept = Object.entries(process.env).filter(([name]) => !/^(DISPLAY|WAYLAND_DISPLAY|SHOAL_.*|BACALHAU_.*)$/.test(name))
    const child = spawn(process.execPath, [SCRIPT, '--data-dir', path.join(home, 'data'), '--local'], {
      env: { ...(Object.fromEntries(kept) as Record<string, string>), HOME: home },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    const told = new Promise<void>((resolve) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk: Buffer) => {
          said += chunk.toString()
          if (/compute \S+ connected/.test(said)) resolve()
        })
      }
    })
    const ended = new Promise<number | null>((resolve) => child.on('exit', resolve))
    await Promise.race([told, ended])
    child.kill('SIGINT')
    expect(await ended, said).toBe(0)
    expect(said).toMatch(
      /^start: there is no display, so no window: bringing up the same cluster, open to this machine only, in this terminal \(shoal up --local\)/m,
    )
    expect(said).toMatch(/compute \S+ connected/)
    rmSync(home, { recursive: true, force: true })
  },
)
