import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildWhatChanged } from '../../../scripts/build.mjs'
import { computeStates } from '../../../shared/models/execution'
import type { Job } from '../../../shared/models/job'
import { eventually } from '../../fixtures/eventually'
import { jobsApi, wasmJob } from '../../fixtures/jobs-api'
import { natsServerPid, serveNode, settings, whenListed } from '../../fixtures/served-node'
import type { ServedNode } from '../../fixtures/served-node'
import { makeShoalHome } from '../../fixtures/shoal-command'
import type { ShoalHome } from '../../fixtures/shoal-command'

/** Real processes, killed while they work. */

const wanted = 200
const submitters = 8
const nodes = ['a', 'b', 'c']

let home: ShoalHome
let shared: string
beforeAll(async () => {
  expect(await buildWhatChanged({ only: ['core'] })).toBe(true)
})
beforeEach(() => {
  home = makeShoalHome()
  shared = join(home.home, 'shared')
  mkdirSync(shared)
})
afterEach(() => home.remove())

const startOrchestrator = (ports: { readonly api: number; readonly nats: number }): Promise<ServedNode> =>
  serveNode(home, [
    '--orchestrator',
    '--name',
    'orch',
    '--data-dir',
    join(home.home, 'orch'),
    ...settings({ 'API.Port': String(ports.api), 'Orchestrator.Port': String(ports.nats), 'Orchestrator.Host': '127.0.0.1' }),
  ])
const startNode = (name: string, natsPort: number): Promise<ServedNode> =>
  serveNode(home, [
    '--compute',
    '--name',
    name,
    '--data-dir',
    join(home.home, name),
    ...settings({ 'Compute.Orchestrators': `127.0.0.1:${String(natsPort)}`, 'Compute.AllowListedLocalPaths': `${shared}:rw` }),
  ])

/** A job that leaves one letter in a file of its name each time it runs. */
function leavingATrace(name: string): object {
  const spec = wasmJob(['append', `/shared/${name}`, 'x'], { Name: name }, { Timeouts: { QueueTimeout: 600 } }) as {
    Tasks: { InputSources: object[] }[]
  }
  spec.Tasks[0]?.InputSources.push({ Source: { Type: 'localDirectory', Params: { SourcePath: shared, ReadWrite: true } }, Target: '/shared' })
  return spec
}

describe('jobs while processes are killed', () => {
  it.each(['the orchestrator', 'nats-server'])(
    '%s dies again and again: every acknowledged job is done once, and there is no other',
    async (victim) => {
      let orchestrator = await startOrchestrator({ api: 0, nats: 0 })
      const ports = { api: orchestrator.apiPort, nats: orchestrator.natsPort ?? 0 }
      const { apiUrl } = orchestrator
      await Promise.all(nodes.map((name) => startNode(name, ports.nats)))
      for (const name of nodes) await whenListed(orchestrator, name)

      const tried = new Set<string>()
      const acknowledged = new Map<string, string>()
      const submitter = async (who: number): Promise<void> => {
        for (let n = 0; acknowledged.size < wanted; n += 1) {
          const name = `job-${String(who)}-${String(n)}`
          tried.add(name)
          try {
            acknowledged.set(name, await jobsApi(apiUrl).submit(leavingATrace(name)))
          } catch {
            // It is there or not: nobody knows. The next one has another name.
            await sleep(20)
          }
        }
      }
      const submitting = Promise.all(Array.from({ length: submitters }, (_, who) => submitter(who)))
      for (const share of [0.1, 0.33, 0.6, 0.85]) {
        await eventually(`${String(share)} of the jobs are in`, () => acknowledged.size >= wanted * share, 30_000)
        if (victim === 'nats-server') {
          process.kill(natsServerPid(orchestrator), 'SIGKILL')
          continue
        }
        orchestrator.started.child.kill('SIGKILL')
        await orchestrator.started.ended
        orchestrator = await startOrchestrator(ports)
      }
      await submitting

      const list = async (): Promise<readonly Job[]> => {
        const response = await fetch(`${apiUrl}/api/v1/orchestrator/jobs?limit=10000`)
        return ((await response.json()) as { readonly Items: readonly Job[] }).Items
      }
      await eventually(
        'all have ended',
        async () => {
          const all = await list().catch((): readonly Job[] => [])
          return all.length >= acknowledged.size && all.every(({ State }) => State.StateType === 'Completed')
        },
        60_000,
      )
      const all = await list()
      expect(new Set(all.map(({ Name }) => Name)).size).toBe(all.length)
      const ids = new Map(all.map(({ Name, ID }) => [Name, ID]))
      for (const [name, id] of acknowledged) expect(ids.get(name)).toBe(id)
      for (const name of ids.keys()) expect(tried.has(name)).toBe(true)
      const api = jobsApi(apiUrl)
      for (const { ID, Name } of all) {
        const done = (await api.executions(ID)).filter(({ ComputeState }) => ComputeState.StateType === computeStates.Completed)
        expect(done, Name).toHaveLength(1)
      }
      const traces = new Map(readdirSync(shared).map((name) => [name, readFileSync(join(shared, name), 'utf8').trim()]))
      expect([...traces.keys()].sort()).toEqual([...ids.keys()].sort())
      for (const [name, trace] of traces) expect([name, trace]).toEqual([name, 'x'])
    },
    120_000,
  )
})
