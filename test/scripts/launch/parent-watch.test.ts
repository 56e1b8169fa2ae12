import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'

const WATCH = pathToFileURL(path.resolve(__dirname, '../../../scripts/launch/parent-watch.mjs')).href

/** A project whose script runs for ever, says its process id, and says when it is asked to end. */
function project(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'shoal-npm-'))
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: 'watched', scripts: { watched: 'node watched.mjs' } }))
  writeFileSync(
    path.join(folder, 'watched.mjs'),
    `import { endWithNpm } from '${WATCH}'
     process.on('SIGTERM', () => { process.stdout.write('asked to end\\n'); process.exit(0) })
     endWithNpm()
     setInterval(() => {}, 1000)
     process.stdout.write('pid ' + process.pid + '\\n')`,
  )
  return folder
}

describe.runIf(process.platform !== 'win32')('endWithNpm', () => {
  it.each(['SIGKILL', 'SIGTERM'] as const)('ends a program whose npm got %s', async (signal) => {
    const npm = spawn('npm', ['run', '--silent', 'watched'], { cwd: project(), stdio: ['ignore', 'pipe', 'inherit'] })
    const output = collect(npm.stdout)
    await output.until(/pid \d+\n/)
    npm.kill(signal)
    await output.until(/asked to end\n/)
  })

  it('watches nobody where npm did not start the program', () => {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')))
    const script = `import('${WATCH}').then(({ endWithNpm }) => console.log(endWithNpm()))`
    expect(execFileSync(process.execPath, ['-e', script], { env, encoding: 'utf8' })).toBe('false\n')
    expect(execFileSync(process.execPath, ['-e', script], { env: { ...env, npm_command: 'exec' }, encoding: 'utf8' })).toBe('true\n')
  })
})

function collect(stream: NodeJS.ReadableStream): { until: (pattern: RegExp) => Promise<string> } {
  let text = ''
  const waiting = new Set<() => void>()
  stream.on('data', (chunk: Buffer) => {
    text += chunk.toString()
    for (const look of waiting) look()
  })
  return {
    until: (pattern) =>
      new Promise((resolve) => {
        const look = (): void => {
          const match = pattern.exec(text)
          if (match === null) return
          waiting.delete(look)
          resolve(match[0])
        }
        waiting.add(look)
        look()
      }),
  }
}
