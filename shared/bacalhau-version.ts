import { goArchitecture, goOperatingSystem } from './go-platform'
import { type BuildVersion, ZERO_TIME } from './models/node'

/**
 * The release of Bacalhau whose protocol and API this program speaks. Orchestrators give no work to nodes older than 1.0
 * (they compare these three as texts), and Bacalhau's command line wants a server of at least 1.4.0.
 */
export const BACALHAU_COMPATIBLE = { Major: '1', Minor: '8', GitVersion: 'v1.8.0' } as const

/** The label under which a node of ours tells its own version. */
export const SHOAL_VERSION_LABEL = 'shoal.version'

/** Bacalhau's BuildVersionInfo for a node of ours. There is no Bacalhau commit or build behind it, so neither is made up. */
export function buildVersion(platform: string, arch: string): BuildVersion {
  return { ...BACALHAU_COMPATIBLE, GitCommit: '', BuildDate: ZERO_TIME, GOOS: goOperatingSystem(platform), GOARCH: goArchitecture(arch) }
}
