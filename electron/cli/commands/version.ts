import { AppError } from '../../../shared/errors'
import { goArchitecture, goOperatingSystem } from '../../../shared/go-platform'
import type { BuildVersion } from '../../../shared/models/node'
import { ZERO_TIME } from '../../../shared/models/node'
import { shoalVersion } from '../../../shared/shoal-version'
import type { OutputFlags } from '../output/format'
import { printRows } from '../output/format'
import type { Session } from '../session'

/** Milliseconds that a server has to answer. */
const PATIENCE = 3_000

interface Versions {
  readonly clientVersion: BuildVersion
  readonly serverVersion?: unknown
}

/** `shoal version`: of this program, and of the server if one answers. A server that does not is said, and no error. */
export async function showVersion(session: Session, flags: OutputFlags & { readonly client?: boolean }): Promise<void> {
  const server = flags.client === true ? undefined : await serverVersion(session)
  const versions: Versions = { clientVersion: clientVersion(), ...(server === undefined ? {} : { serverVersion: server.raw }) }
  const columns = [
    { head: 'client', value: () => versions.clientVersion.GitVersion ?? '' },
    ...(server === undefined ? [] : [{ head: 'server', value: () => server.value.GitVersion ?? '' }]),
    { head: 'Update Message', value: () => '' },
  ]
  await printRows(session.io, flags, columns, [versions], versions)
}

async function serverVersion(session: Session): Promise<{ readonly value: BuildVersion; readonly raw: unknown } | undefined> {
  try {
    return await session.withClient((client) => client.ask('agentVersion'), { timeoutMs: PATIENCE })
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    session.io.stderr.write(`The server's version is not known: ${error.message}\n`)
    return undefined
  }
}

function clientVersion(): BuildVersion {
  const [Major = '', Minor = ''] = shoalVersion.split('.')
  return {
    Major,
    Minor,
    GitVersion: `v${shoalVersion}`,
    GitCommit: '',
    BuildDate: ZERO_TIME,
    GOOS: goOperatingSystem(process.platform),
    GOARCH: goArchitecture(process.arch),
  }
}
