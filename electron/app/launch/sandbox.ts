import { app } from 'electron'

/**
 * Puts every Chromium process into the sandbox. As root that is fatal (children die and are started again without end): then only
 * the pages' own `sandbox: true` holds, and the terminal says so.
 */
export function enableSandbox(): boolean {
  if (process.getuid?.() === 0) {
    process.stderr.write('Shoal runs as root: the Chromium sandbox is off. Run it as an ordinary user to have it on.\n')
    return false
  }
  app.enableSandbox()
  return true
}
