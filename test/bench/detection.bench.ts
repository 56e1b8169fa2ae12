import { judged, percentile, type Measured } from '../../scripts/bench/results.mjs'
import {
  ask,
  besideBacalhau,
  computeArgs,
  connectedNodes,
  end,
  freePorts,
  inFreshWorld,
  ofBacalhau,
  orchestratorArgs,
  shoalIn,
  until,
  type Ports,
  type Program,
  type World,
} from './cluster-processes'

const CRASHES = 9
const HANGS = 9

/** How soon the API tells that a node died or hangs, everything on its defaults. */
export async function measure({ root, bacalhau }: { readonly root: string; readonly bacalhau: string | undefined }): Promise<readonly Measured[]> {
  return inFreshWorld('detection', async (world) => {
    const ours = await losses(world, shoalIn(root), CRASHES, HANGS)
    // A minute and more each, so once is enough.
    const theirs = await ofBacalhau(bacalhau, (program) => losses(world, program, 1, 1))
    return [
      judged({
        name: 'node kill -9 → DISCONNECTED in the API, median',
        unit: 'ms',
        value: percentile(ours.crashes, 0.5),
        ...besideBacalhau(theirs?.crashes[0]),
        limit: { of: 'value', most: 150 },
      }),
      judged({
        name: 'node kill -9 → DISCONNECTED in the API, worst',
        unit: 'ms',
        value: percentile(ours.crashes, 1),
        limit: { of: 'value', most: 150 },
      }),
      judged({
        name: 'node SIGSTOP → DISCONNECTED in the API, median',
        unit: 'ms',
        value: percentile(ours.hangs, 0.5),
        ...besideBacalhau(theirs?.hangs[0]),
        limit: { of: 'value', most: 2500 },
      }),
      judged({
        name: 'node SIGSTOP → DISCONNECTED in the API, worst',
        unit: 'ms',
        value: percentile(ours.hangs, 1),
        limit: { of: 'value', most: 3500 },
      }),
    ]
  })
}

interface Losses {
  readonly crashes: readonly number[]
  readonly hangs: readonly number[]
}

async function losses(world: World, program: Program, crashRounds: number, hangRounds: number): Promise<Losses> {
  const ports = await freePorts()
  const orchestrator = world.serve(program, orchestratorArgs(world.freshDir(), ports))
  await until(async () => (await ask(ports.api, '/api/v1/agent/alive')) !== undefined)
  const crashes = await rounds(crashRounds, (round) => lossOf(world, program, ports, `crash-${round}`, 'SIGKILL'))
  const hangs = await rounds(hangRounds, (round) => lossOf(world, program, ports, `hang-${round}`, 'SIGSTOP'))
  await end(orchestrator)
  return { crashes, hangs }
}

/** Milliseconds from the signal to the first answer of the API that no longer shows the node as connected. */
async function lossOf(world: World, program: Program, ports: Ports, name: string, signal: 'SIGKILL' | 'SIGSTOP'): Promise<number> {
  const { api, nats: results } = await freePorts()
  const node = world.serve(program, computeArgs(name, world.freshDir(), { api, nats: ports.nats }, { 'Publishers.Types.Local.Port': results }))
  await until(async () => (await connectedNodes(ports.api)).includes(name))
  const began = performance.now()
  node.kill(signal)
  await until(async () => !(await connectedNodes(ports.api)).includes(name), 120_000)
  const took = performance.now() - began
  if (signal === 'SIGSTOP') node.kill('SIGKILL')
  return took
}

async function rounds(count: number, action: (round: number) => Promise<number>): Promise<readonly number[]> {
  const samples: number[] = []
  for (let round = 0; round < count; round += 1) samples.push(await action(round))
  return samples
}
