import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { judged, percentile, type Measured } from '../../scripts/bench/results.mjs'
import { besideBacalhau, inFreshWorld, ofBacalhau, shoalIn, type Program, type World } from './cluster-processes'
import { executionsOf, startJobCluster, stateOf, submit, timesOf, wallMs, wasmJob } from './job-cluster'

const WARM = 100
const JOBS = 300
const FLOORS = 200
const MODULE_OUTPUT = /^\d{19}$/

/** How long one small WASM job takes on its way, nothing else going on; every acknowledged step durable. */
export async function measure({ root, bacalhau }: { readonly root: string; readonly bacalhau: string | undefined }): Promise<readonly Measured[]> {
  return inFreshWorld('latency', async (world) => {
    const ours = await steps(root, world, shoalIn(root))
    const theirs = await ofBacalhau(bacalhau, (program) => steps(root, world, program))
    const sync = { peer: { name: 'fdatasync', value: await syncMs(world.home) } }
    const bare = { peer: { name: 'bare spawn', value: await spawnMs() } }
    const figure = (name: string, of: (steps: Steps) => readonly number[], share: number, most?: number): Measured =>
      judged({
        name: `submit → ${name}, ${share === 0.5 ? 'median' : `p${share * 100}`}`,
        unit: 'ms',
        value: percentile(of(ours), share),
        ...besideBacalhau(theirs && percentile(of(theirs), share)),
        ...(most === undefined ? {} : { limit: { of: 'value', most } }),
      })
    const answered = figure('answered', (each) => each.answered, 0.5)
    const completed = figure('Completed', (each) => each.completed, 0.5, 8)
    return [
      answered,
      { ...answered, name: `${answered.name}, beside one sync of the disk`, ...sync },
      figure('Running', (each) => each.running, 0.5, 4),
      figure('Running', (each) => each.running, 0.95),
      figure('program started', (each) => each.program, 0.5),
      completed,
      figure('Completed', (each) => each.completed, 0.95),
      judged({ ...completed, name: `${completed.name}, beside spawn to exit`, ...bare }),
    ]
  })
}

/** Milliseconds since just before the submission, for each job. `answered` by the client's clock, the others by the orchestrator's and the program's. */
interface Steps {
  readonly answered: readonly number[]
  readonly running: readonly number[]
  readonly program: readonly number[]
  readonly completed: readonly number[]
}

async function steps(root: string, world: World, program: Program): Promise<Steps> {
  const cluster = await startJobCluster(world, program)
  const { api } = cluster
  const body = wasmJob(root, 'clock')
  const found: { answered: number; running: number; program: number; completed: number }[] = []
  for (let round = 0; round < WARM + JOBS; round += 1) {
    const began = wallMs()
    const id = await submit(api, body)
    const answered = wallMs() - began
    // Nothing is asked while it runs: questions would hold up what is measured.
    do await sleep(25)
    while ((await stateOf(api, id)) !== 'Completed')
    if (round < WARM) continue
    const times = await timesOf(api, id)
    const at = (words: RegExp): number => [...times].find(([key]) => words.test(key))?.[1] ?? Number.NaN
    const stdout = (await executionsOf(api, id))[0]?.RunOutput?.Stdout ?? ''
    found.push({
      answered,
      running: at(/: Running$/) - began,
      // Bacalhau loses the output of one job in thousands.
      program: MODULE_OUTPUT.test(stdout) ? Number(stdout) / 1e6 - began : Number.NaN,
      completed: at(/: Completed$/) - began,
    })
  }
  await cluster.end()
  const of = (key: keyof Steps): number[] => found.map((each) => each[key]).filter((value) => !Number.isNaN(value))
  const all = { answered: of('answered'), running: of('running'), program: of('program'), completed: of('completed') }
  for (const [key, values] of Object.entries(all))
    if (values.length < JOBS * 0.99) throw new Error(`${program.name}: only ${values.length} of ${JOBS} jobs tell "${key}"`)
  return all
}

/** A file that grows by 256 bytes, until they are on the disk; the median. */
async function syncMs(folder: string): Promise<number> {
  const file = await open(join(folder, 'sync'), 'a')
  const samples: number[] = []
  for (let round = 0; round < FLOORS; round += 1) {
    const began = performance.now()
    await file.write(Buffer.alloc(256, 1))
    await file.datasync()
    samples.push(performance.now() - began)
  }
  await file.close()
  return percentile(samples, 0.5)
}

/** The smallest program of the machine, from its start to its end; the median. */
async function spawnMs(): Promise<number> {
  const samples: number[] = []
  for (let round = 0; round < FLOORS; round += 1) {
    const began = performance.now()
    await once(spawn('/bin/true', { stdio: 'ignore' }), 'exit')
    samples.push(performance.now() - began)
  }
  return percentile(samples, 0.5)
}
