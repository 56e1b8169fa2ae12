import { findKey } from '../../../shared/config/keys'
import type { ConfigValue } from '../../../shared/config/values'
import { formatCpu } from '../../../shared/quantity'
import { allocate, type AllocatedCapacity, type Machine } from '../../compute/machine/allocation'
import { readConfigFile } from '../../config/read-config-file'
import { changeConfigFile } from '../../config/write-config-file'
import type { Capacity } from '../divide-capacity'

/** What the orchestrator's `config.yaml` says, as far as a cluster needs it before anything runs. */
export interface OrchestratorSettings {
  readonly host: string
  readonly token: string
  /** Set only where the file sets them: then they are asked for, not merely preferred. */
  readonly natsPort: number | undefined
  readonly apiPort: number | undefined
}

/** Until the user shares it, a cluster is open to this machine only. */
export const THIS_MACHINE = '127.0.0.1'

/** Throws `config.broken-file` and `config.unreadable-file`. */
export async function readOrchestratorSettings(file: string): Promise<OrchestratorSettings> {
  const value = await valuesOf(file)
  return {
    host: textOf(value('Orchestrator.Host')) || THIS_MACHINE,
    token: textOf(value('Orchestrator.Auth.Token')),
    natsPort: numberOf(value('Orchestrator.Port')),
    apiPort: numberOf(value('API.Port')),
  }
}

/** Writes what is given into an orchestrator's file, and leaves the rest as it is. Throws as `changeConfigFile` does. */
export async function writeOrchestratorSettings(file: string, settings: { readonly host?: string; readonly token?: string }): Promise<void> {
  await change(file, { 'Orchestrator.Host': settings.host, 'Orchestrator.Auth.Token': settings.token })
}

/** Where a compute node finds its orchestrators, and the token it shows them, by its file. Throws as `readOrchestratorSettings` does. */
export async function readJoining(file: string): Promise<{ readonly orchestrators: readonly string[]; readonly token: string }> {
  const value = await valuesOf(file)
  const orchestrators = value('Compute.Orchestrators')
  return { orchestrators: Array.isArray(orchestrators) ? orchestrators.map(String) : [], token: textOf(value('Compute.Auth.Token')) }
}

/** What the app sets in a compute node's file. Cores, bytes. */
interface ComputeSettings {
  readonly orchestrators?: readonly string[]
  readonly token?: string
  readonly share?: Capacity
  /** Only one node of a machine offers its GPUs. */
  readonly gpu?: '100%' | '0'
  /** Its API takes any free port: only the window asks it. */
  readonly apiPort?: number
}

/** Writes what is given into a compute node's file, and leaves the rest as it is. Throws as `changeConfigFile` does. */
export async function writeComputeSettings(file: string, { orchestrators, token, share, gpu, apiPort }: ComputeSettings): Promise<void> {
  await change(file, {
    'API.Port': apiPort,
    'Compute.Orchestrators': orchestrators,
    'Compute.Auth.Token': token,
    'Compute.AllocatedCapacity.CPU': share === undefined ? undefined : formatCpu(share.CPU),
    'Compute.AllocatedCapacity.Memory': share === undefined ? undefined : String(share.Memory),
    'Compute.AllocatedCapacity.Disk': share === undefined ? undefined : String(share.Disk),
    'Compute.AllocatedCapacity.GPU': gpu,
  })
}

/** What a compute node's file gives to jobs, of this machine. Cores, bytes. */
export interface NodeCapacity extends Capacity {
  readonly offersGpus: boolean
}

/** What a compute node's file gives to jobs of a machine like this. Throws as `readConfigFile` does. */
export async function readCapacity(file: string, machine: Machine): Promise<NodeCapacity> {
  const value = await valuesOf(file)
  const configured = (key: keyof AllocatedCapacity): string => textOf(value(`Compute.AllocatedCapacity.${key}`))
  const gpu = configured('GPU')
  const allocated = allocate(machine, {
    CPU: configured('CPU') || '80%',
    Memory: configured('Memory') || '80%',
    Disk: configured('Disk') || '80%',
    GPU: gpu || '100%',
  })
  return { CPU: allocated.CPU ?? 0, Memory: allocated.Memory ?? 0, Disk: allocated.Disk ?? 0, offersGpus: !['0', '0%'].includes(gpu) }
}

async function valuesOf(file: string): Promise<(key: string) => ConfigValue | undefined> {
  const values = (await readConfigFile(file))?.values ?? []
  return (key) => values.find((value) => value.key.name === key)?.value
}

async function change(file: string, values: Readonly<Record<string, ConfigValue | undefined>>): Promise<void> {
  const changes = Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [{ key: findKey(key), value }]))
  await changeConfigFile(file, changes)
}

function textOf(value: ConfigValue | undefined): string {
  return typeof value === 'string' ? value : ''
}

function numberOf(value: ConfigValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined
}
