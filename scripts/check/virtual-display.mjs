import { spawn } from 'node:child_process'

const SCREEN = '1920x1200x24'

/**
 * Starts an X server without a screen on a number that is free.
 *
 * @returns {Promise<{display: string, stop: () => void}>} the display's name, like `:99`
 */
export function startVirtualDisplay() {
  return new Promise((resolve, reject) => {
    const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', SCREEN, '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] })
    let said = ''
    child.stderr?.on('data', (chunk) => (said += chunk))
    child.on('error', (error) => reject(new Error(`Xvfb cannot be started: ${error.message}`)))
    child.on('exit', (code) => reject(new Error(`Xvfb ended with code ${code}: ${said.trim()}`)))
    let number = ''
    child.stdio[3]?.on('data', (chunk) => {
      number += chunk
      if (number.endsWith('\n')) resolve({ display: `:${number.trim()}`, stop: () => child.kill() })
    })
    process.on('exit', () => child.kill())
  })
}
