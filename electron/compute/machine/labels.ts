import { SHOAL_VERSION_LABEL } from '../../../shared/bacalhau-version'
import { goArchitecture, goOperatingSystem } from '../../../shared/go-platform'
import type { Gpu } from './gpus'

interface LabelFacts {
  /** `Labels` of the configuration. */
  readonly configured: Readonly<Record<string, string>>
  readonly nodeId: string
  /** Node's names: `process.platform`, `process.arch`. */
  readonly platform: string
  readonly arch: string
  readonly shoalVersion: string
  readonly gpus: readonly Gpu[]
}

/** The labels by which jobs choose this node: the configured ones, then the facts, which win (as in Bacalhau). */
export function nodeLabels({ configured, nodeId, platform, arch, shoalVersion, gpus }: LabelFacts): Record<string, string> {
  return {
    ...configured,
    os_type: goOperatingSystem(platform),
    os_arch: goArchitecture(arch),
    name: nodeId,
    [SHOAL_VERSION_LABEL]: shoalVersion,
    ...Object.fromEntries(
      gpus.flatMap((gpu) => [
        [`GPU-${gpu.Index}`, gpu.Name.replaceAll(' ', '-')],
        [`GPU-${gpu.Index}-Memory`, `${gpu.Memory}-MiB`],
      ]),
    ),
  }
}
