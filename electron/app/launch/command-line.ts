/** Packaged builds: the `shoal` wrapper starts the app's own binary with this word first. */
const CLI_SWITCH = '--shoal-cli'

/** What the command line is to run, without the switches that are for Electron; undefined when the window is wanted. */
export function commandLineArguments(argv: readonly string[]): readonly string[] | undefined {
  const at = argv.indexOf(CLI_SWITCH)
  return at === -1 ? undefined : argv.slice(at + 1)
}
