import { constants } from 'node:fs'
import { access, stat, statfs } from 'node:fs/promises'
import path from 'node:path'
import type { Preflight, PreflightCheck } from '../../../shared/cluster'
import { AppError, messageOf } from '../../../shared/errors'
import { formatBytes } from '../../../shared/quantity'
import { measureMachine } from '../../compute/machine/measure'
import { divide, remaining, type Capacity } from '../divide-capacity'
import { describeOwner, findFreePort } from '../../process/ports'
import { portOwner } from '../../process/port-owner'
import { machineAllocation } from '../nodes/machine-shares'

/** `existing`: what nodes on this machine were given already. */
export interface PreflightOptions {
  /** Where the cluster would lie. Need not be there. */
  readonly folder: string
  /** How it is shown: `~` for the home. */
  readonly shownFolder: string
  readonly suggestedName: string
  readonly existing: readonly Capacity[]
  /** Resolves with the version, rejects with why there is none that will do. */
  readonly findNatsServer: () => Promise<{ readonly version: string; readonly path: string }>
}

const PORTS = { nats: 4222, api: 1234 } as const
const PORTS_TRIED = 50
const LITTLE_DISK = 1_000_000_000

/** What stands in the way of a start, looked up before anything is started. Changes nothing. */
export async function preflight(options: PreflightOptions): Promise<Preflight> {
  const [ports, capacity, disk, server] = await Promise.all([checkPorts(), checkCapacity(options), checkDisk(options), checkServer(options)])
  const reach: PreflightCheck = { id: 'reach', status: 'good', label: 'Reachable from this machine only', detail: '127.0.0.1, until you share it' }
  return { checks: [reach, ports.check, capacity, disk, server], natsPort: ports.nats, apiPort: ports.api, suggestedName: options.suggestedName }
}

async function checkPorts(): Promise<{ readonly check: PreflightCheck; readonly nats: number; readonly api: number }> {
  const [nats, api] = await Promise.all([findFreePort('127.0.0.1', PORTS.nats, PORTS_TRIED), findFreePort('127.0.0.1', PORTS.api, PORTS_TRIED)])
  if (nats === undefined || api === undefined) {
    const first = nats === undefined ? PORTS.nats : PORTS.api
    const detail = `All from ${first} to ${first + PORTS_TRIED - 1} are taken.`
    return { check: { id: 'ports', status: 'bad', label: 'No free port', detail }, nats: nats ?? 0, api: api ?? 0 }
  }
  const moved = [
    { usual: PORTS.nats, free: nats, what: 'NATS' },
    { usual: PORTS.api, free: api, what: 'the API' },
  ].filter(({ usual, free }) => usual !== free)
  if (moved.length === 0) return { check: { id: 'ports', status: 'good', label: `Ports ${nats} and ${api} are free`, detail: '' }, nats, api }
  const told = await Promise.all(
    moved.map(async ({ usual, free, what }) => `${usual} is taken by ${describeOwner(await portOwner(usual))}: ${what} listens on ${free}`),
  )
  return { check: { id: 'ports', status: 'warn', label: `Ports ${nats} and ${api} are free`, detail: `${told.join('; ')}.` }, nats, api }
}

async function checkCapacity({ folder, existing }: PreflightOptions): Promise<PreflightCheck> {
  const machine = await measureMachine(folder)
  const allocation = machineAllocation(machine)
  const left = remaining(allocation, existing)
  const label = `${left.CPU} of ${machine.CPU} CPU, ${formatBytes(left.Memory)} of ${formatBytes(machine.Memory)}`
  if (divide(allocation, existing, 1).kind === 'too-little') {
    return {
      id: 'capacity',
      status: 'warn',
      label,
      detail: 'left for jobs: too little for one more node. Other clusters of this machine have the rest.',
    }
  }
  return { id: 'capacity', status: 'good', label, detail: 'for jobs, at most' }
}

async function checkDisk({ folder, shownFolder }: PreflightOptions): Promise<PreflightCheck> {
  try {
    const place = await nearestFolder(folder)
    await access(place, constants.W_OK)
    const { bavail, bsize } = await statfs(place)
    const free = bavail * bsize
    return { id: 'disk', status: free < LITTLE_DISK ? 'warn' : 'good', label: `${formatBytes(free)} free`, detail: `in ${shownFolder}` }
  } catch (error) {
    return {
      id: 'disk',
      status: 'bad',
      label: 'No place on the disk',
      detail: `${shownFolder}: ${messageOf(error)}`,
    }
  }
}

/** The folder itself, or the nearest one above it that is there. */
async function nearestFolder(folder: string): Promise<string> {
  const facts = await stat(folder).catch(() => undefined) // Not there yet: the folder that it will be made in tells.
  if (facts?.isDirectory() === true) return folder
  const parent = path.dirname(folder)
  if (facts !== undefined || parent === folder) throw new Error(`${folder} is not a folder.`)
  return nearestFolder(parent)
}

async function checkServer({ findNatsServer }: PreflightOptions): Promise<PreflightCheck> {
  try {
    const { version, path: file } = await findNatsServer()
    return { id: 'nats-server', status: 'good', label: `nats-server ${version} is here`, detail: file }
  } catch (error) {
    const detail = error instanceof AppError ? [error.message, error.hint].filter((text) => text !== undefined).join(' ') : String(error)
    return { id: 'nats-server', status: 'bad', label: 'No usable nats-server', detail }
  }
}
