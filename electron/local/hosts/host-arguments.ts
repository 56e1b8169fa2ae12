import type { OrchestratorSettings } from '../files/cluster-config'

interface NodePlace {
  readonly name: string
  readonly dataDir: string
}

/** Ports that a cluster had before and that other machines may know. Undefined where the host is to choose. */
interface PortWishes {
  readonly nats: number | undefined
  readonly api: number | undefined
}

/** Flags of an orchestrator's host. `host` overrides the configuration for this start only. */
export function orchestratorArguments({ name, dataDir }: NodePlace, ports: PortWishes, host: string | undefined): readonly string[] {
  return [
    '--orchestrator',
    '--data-dir',
    dataDir,
    '--name',
    name,
    ...(host === undefined ? [] : ['-c', `Orchestrator.Host=${host}`]),
    ...(ports.nats === undefined ? [] : ['-c', `Orchestrator.Port=${ports.nats}`]),
    ...(ports.api === undefined ? [] : ['-c', `API.Port=${ports.api}`]),
  ]
}

/** Flags of a compute node's host. */
export function computeArguments({ name, dataDir }: NodePlace): readonly string[] {
  return ['--compute', '--data-dir', dataDir, '--name', name]
}

const DEFAULT_PORTS = { nats: 4222, api: 1234 } as const

/**
 * Which ports to ask for: where the configuration names one, none (it is asked for already); the one of the last start while it is
 * free; else none, and the host takes the default one or the next that is free, and says so.
 */
export async function wishPorts(
  settings: OrchestratorSettings,
  last: { readonly nats: number; readonly api: number } | undefined,
  isFree: (host: string, port: number) => Promise<boolean>,
): Promise<PortWishes> {
  const wish = async (configured: number | undefined, port: number | undefined, usual: number, host: string): Promise<number | undefined> =>
    configured !== undefined || port === undefined || port === usual || !(await isFree(host, port)) ? undefined : port
  const [nats, api] = await Promise.all([
    wish(settings.natsPort, last?.nats, DEFAULT_PORTS.nats, settings.host),
    wish(settings.apiPort, last?.api, DEFAULT_PORTS.api, '127.0.0.1'),
  ])
  return { nats, api }
}
