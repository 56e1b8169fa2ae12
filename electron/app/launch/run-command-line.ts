import { join } from 'node:path'
import { app } from 'electron'
import type { HostLauncher } from '../../local/hosts/host-launcher'

type RunCli = (args: readonly string[], env: Readonly<Record<string, string | undefined>>, launcher: () => Promise<HostLauncher>) => Promise<number>

/** Runs the command line in the app's own binary: no window, no display, no lock; ends with the command's exit code. */
export async function runCommandLine(args: readonly string[], load: () => Promise<RunCli>): Promise<void> {
  app.disableHardwareAcceleration()
  app.dock?.hide()
  await app.whenReady()
  const runCli = await load()
  app.exit(await runCli(args, process.env, launcher))
}

/** For `shoal up`: this binary cannot be run as Node. */
async function launcher(): Promise<HostLauncher> {
  const { createUtilityLauncher } = await import('../hosts/utility-launcher')
  return createUtilityLauncher({ hostEntry: join(__dirname, 'node.js') })
}
