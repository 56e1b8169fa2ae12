import { app } from 'electron'

export type RunCli = (args: readonly string[], env: Readonly<Record<string, string | undefined>>) => Promise<number>

/** Runs the command line in the app's own binary: no window, no display, no lock; ends with the command's exit code. */
export async function runCommandLine(args: readonly string[], load: () => Promise<RunCli>): Promise<void> {
  app.disableHardwareAcceleration()
  app.dock?.hide()
  await app.whenReady()
  const runCli = await load()
  app.exit(await runCli(args, process.env))
}
