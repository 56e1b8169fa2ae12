import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'

/**
 * One step of a check: a program of node_modules/.bin, or `node`, with arguments.
 *
 * @typedef {{name: string, command: readonly [string, ...string[]], show?: boolean, env?: Record<string, string>}} Step
 * `show` passes its output on as it comes; otherwise it is shown when the step fails.
 */

/**
 * Runs steps, some side by side, and says how each went.
 *
 * @param {string} root the checkout
 * @param {readonly Step[]} steps
 * @param {number} atOnce how many may run at a time
 * @returns {Promise<string[]>} names of the steps that failed
 */
export async function runSteps(root, steps, atOnce = 1) {
  const waiting = [...steps]
  /** @type {string[]} */
  const failed = []
  const worker = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      if (!(await runStep(root, step))) failed.push(step.name)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return failed
}

/** @param {string} root @param {Step} step */
async function runStep(root, { name, command: [program, ...args], show = false, env = {} }) {
  const started = Date.now()
  const path = `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`
  const windows = process.platform === 'win32' && program !== 'node'
  const child = spawn(program === 'node' ? process.execPath : windows ? `${program}.cmd` : program, args, {
    cwd: root,
    env: { ...process.env, ...env, PATH: path },
    stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    shell: windows,
  })
  const end = () => child.kill()
  process.on('exit', end)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk))
  const code = await new Promise((resolve) => {
    child.on('error', (error) => ((output += error.message), resolve(127)))
    child.on('close', resolve)
  })
  process.off('exit', end)
  if (code !== 0) process.stdout.write(output)
  process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(24)} ${((Date.now() - started) / 1000).toFixed(1).padStart(6)} s\n`)
  return code === 0
}
