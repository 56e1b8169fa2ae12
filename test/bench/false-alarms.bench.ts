import { cpus } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { judged, type Measured } from '../../scripts/bench/results.mjs'
import { ask, computeArgs, connectedNodes, freePorts, inFreshWorld, orchestratorArgs, shoalIn, until } from './cluster-processes'

const NODES = 5
const BUSY_PER_CORE = 2
const LASTS_MS = 10 * 60_000
const LOOK_EVERY_MS = 100

/** Ten minutes on a machine with two busy processes a core: how often a node that lives was shown as lost. */
export async function measure({ root }: { readonly root: string }): Promise<readonly Measured[]> {
  return inFreshWorld('alarms', async (world) => {
    const ports = await freePorts()
    world.serve(shoalIn(root), orchestratorArgs(world.freshDir(), ports))
    await until(async () => (await ask(ports.api, '/api/v1/agent/alive')) !== undefined)
    for (let index = 0; index < NODES; index += 1) {
      const { api } = await freePorts()
      world.serve(shoalIn(root), computeArgs(`busy-${index}`, world.freshDir(), { api, nats: ports.nats }))
    }
    await until(async () => (await connectedNodes(ports.api)).length === NODES)
    for (let index = 0; index < cpus().length * BUSY_PER_CORE; index += 1) world.start([process.execPath, '-e', 'for(;;);'])
    let alarms = 0
    let missing = 0
    for (const deadline = performance.now() + LASTS_MS; performance.now() < deadline; await sleep(LOOK_EVERY_MS)) {
      const gone = NODES - (await connectedNodes(ports.api)).length
      if (gone > missing) alarms += gone - missing
      missing = gone
    }
    return [
      judged({
        name: `false alarms in ${LASTS_MS / 60_000} minutes, ${NODES} nodes, ${BUSY_PER_CORE} busy processes a core`,
        unit: '',
        value: alarms,
        limit: { of: 'value', most: 0 },
      }),
    ]
  })
}
