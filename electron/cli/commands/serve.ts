import { shoalVersion } from '../../../shared/shoal-version'
import { hostPaths } from '../../node/host-paths'
import { serveFromArguments } from '../../node/serve'
import type { CliIo } from '../io'

/**
 * `shoal serve`: hands over to the role host. Resolves with the exit code when the node has stopped.
 * @param argv what follows `serve`.
 */
export function serve({ env, cwd, homeDir }: CliIo, argv: readonly string[]): Promise<number> {
  return serveFromArguments({
    argv,
    env,
    cwd,
    homeDir,
    paths: hostPaths(__dirname, { platform: process.platform, binFolder: env['SHOAL_BIN'] }),
    shoalVersion,
    stdout: process.stdout,
    stderr: process.stderr,
    parentSigns: ['npm'],
  })
}
