import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Job } from '../../../shared/models/job'
import { eventually } from '../../fixtures/eventually'
import { loadExchanges, send } from '../../fixtures/http/exchanges'
import type { Exchange } from '../../fixtures/http/exchanges'
import { differences, jobEssence, kinds } from '../../fixtures/replay/compare'
import { startRealCluster } from '../../fixtures/replay/real-cluster'
import type { RealCluster } from '../../fixtures/replay/real-cluster'
import { Story, withNativeEngine } from '../../fixtures/replay/story'

/** Where an answer of ours is another one on purpose: which steps, which points, and why (docs/differences.md tells the same). */
const chosen: readonly { readonly steps: RegExp; readonly points: RegExp; readonly why: string }[] = [
  { steps: /./, points: /RunOutput\.ExitCode: -1 → 0$/, why: 'a module that returns has ended well' },
  {
    steps: /./,
    points: /Message: "(Job queued\. )?not enough nodes.* → "(Job queued\. )?not enough nodes/,
    why: 'the first requirement that a node does not meet is told, not the last',
  },
  { steps: /./, points: /\bHint: missing → /, why: 'what to do about it' },
  { steps: /./, points: /Message: "Internal server error" → "Internal server error: /, why: 'what went wrong' },
  { steps: /null|unknown operator|gt with text/, points: /./, why: 'refused by name' },
  { steps: /full\.yaml/, points: /RunOutput\./, why: 'a program of the node sees the node, not a container' },
  { steps: /forged/, points: /StateType: "Running" → "Completed"|Revision/, why: 'it has ended sooner' },
]

/**
 * Left out: what is about containers (images, programs in them), what was recorded after runs that are not in the recordings (`slow`), a
 * difference with a version in between, two stories that go on otherwise here (a module without `Entrypoint` runs, and two parts of a batch
 * share a node), and the history of two parts beside each other, whose events come in any order.
 */
const leftOut = /badimage|bad-image|nocmd|no-program|no-image|slow|noentry|two-queued|dry-run versions-2|two-wasm.yaml \S*\/history/

const used = new Set<string>()
let compared = 0

describe('recorded exchanges about jobs, with an orchestrator and two nodes as processes', () => {
  let cluster: RealCluster
  let story: Story
  beforeAll(async () => {
    cluster = await startRealCluster()
    story = new Story(cluster.url)
  }, 60_000)
  afterAll(() => cluster.stop())

  // The order is that of the recordings: later files ask for jobs of earlier ones.
  it.each([
    'job-run', 'job-run-dry-run', 'job-versions', 'job-describe-raw', 'job-executions-raw', 'job-history-raw', 'job-history-old-client', 'job-get', 'job-rerun',
    'sdk-put', 'sdk-get', 'sdk-executions', 'sdk-history', 'sdk-results', 'sdk-stop', 'invalid-specs',
  ])('%s: the same answers', async (name) => {
    for (const exchange of exchangesOf(name)) await expectSame(exchange, (value) => jobEssence(value))
  }, 120_000) // prettier-ignore

  // The cluster of the recordings had a longer past: what is listed and counted differs, its form does not.
  it.each(['job-describe', 'job-executions', 'job-history', 'job-list', 'job-list-raw', 'job-stop', 'job-more', 'sdk-list'])(
    '%s: answers of the same form',
    async (name) => {
      await submitListed()
      for (const exchange of exchangesOf(name)) {
        // Jobs of steps that are left out are not there.
        const [, id] = /\/jobs\/(j-[0-9a-f]{8})/.exec(exchange.request.path) ?? []
        if (id !== undefined && !story.knows(id)) continue
        const form = exchange.response.status === 200 && !exchange.step.includes('paging,') ? kinds : jobEssence
        await expectSame(exchange, (value) => form(value))
      }
    },
    120_000,
  )

  it('compares many, and every difference that is chosen is there', () => {
    expect(compared).toBeGreaterThan(250)
    expect([...used].sort()).toEqual(chosen.map(({ why }) => why).sort())
  })

  /** Jobs of which the recordings hold only how they are listed. */
  async function submitListed(): Promise<void> {
    const listed = exchangesOf('job-list-raw').flatMap(({ response }) => (response.body as { readonly Items?: readonly Job[] }).Items ?? [])
    const paging = new Map(listed.filter(({ Labels }) => Labels['set'] === 'paging').map((job) => [job.Name, job]))
    const byAge = [...paging.values()].sort((a, b) => a.CreateTime - b.CreateTime)
    for (const { ID, Name, Namespace, Type, Labels, Tasks } of byAge) {
      if (story.knows(ID)) continue
      const body = JSON.stringify({ Job: { Name, Namespace, Type, Labels, Tasks: withNativeEngine(Tasks) } })
      const reply = await send(
        new URL('/api/v1/orchestrator/jobs', cluster.url),
        'PUT',
        { 'Content-Type': 'application/json', 'X-Bacalhau-Instanceid': '0123456789abcdef'.repeat(4) },
        body,
      )
      expect(reply.status, reply.text).toBe(200)
      story.learn({ JobID: ID }, reply.body)
    }
  }

  async function expectSame(exchange: Exchange, essence: (value: unknown) => unknown): Promise<void> {
    const { step, request, response } = exchange
    if (request.method !== 'GET') await settled()
    let points: readonly string[] = []
    const ask = async (): Promise<boolean> => {
      const reply = await story.ask(exchange)
      story.learn(response.body, reply.body)
      const found = differences({ status: response.status, body: essence(response.body) }, { status: reply.status, body: essence(reply.body) })
      points = found.filter((point) => !isChosen(step, point))
      return points.length === 0
    }
    const isSame =
      request.method === 'GET'
        ? await eventually(step, ask, 30_000).then(
            () => true,
            () => false,
          )
        : await ask()
    expect(isSame ? [] : points, `${step}: ${request.method} ${request.path} ${JSON.stringify(request.query)}`).toEqual([])
    compared += 1
  }

  /** Nothing that ends by itself is under way, or still takes room: what was recorded as ended has ended here, too. */
  async function settled(): Promise<void> {
    await eventually(
      'what runs has ended',
      async () => {
        const { Items } = (await (await fetch(`${cluster.url}/api/v1/orchestrator/jobs`)).json()) as { readonly Items: readonly Job[] }
        // A heartbeat from before an end counts what has ended; the next one gives its room back.
        const { nodes } = await cluster.orchestrator.client.call('shoalNodes')
        if (nodes.some(({ work }) => work?.beside !== undefined)) return false
        return Items.every(
          ({ Type, Name, State }) =>
            Type === 'service' || Type === 'daemon' || Name === 'ops-asleep' || /Completed|Failed|Stopped|Queued/.test(State.StateType),
        )
      },
      15_000,
    )
  }
})

function isChosen(step: string, point: string): boolean {
  const found = chosen.filter(({ steps, points }) => steps.test(step) && points.test(point))
  for (const { why } of found) used.add(why)
  return found.length > 0
}

/** What is asked in one step, again and again until the end, counts as one question for all of it. */
function exchangesOf(name: string): readonly Exchange[] {
  const all = loadExchanges(name).filter(
    ({ step, request, response }) => request.path.includes('/orchestrator/') && response.status !== 101 && !leftOut.test(`${step} ${request.path}`),
  )
  expect(all.length).toBeGreaterThan(0)
  return all.flatMap((exchange, at) => {
    const { step, request, response } = exchange
    if (!request.path.endsWith('/history') || !step.startsWith('bacalhau') || response.status !== 200) return [exchange]
    const polls = all.filter((one) => one.step === step && one.request.path === request.path)
    if (polls.length < 2) return [exchange]
    const next = all[at + 1]
    if (next?.step === step && next.request.path === request.path) return []
    const { next_token: _token, limit: _limit, ...query } = request.query
    const Items = polls.flatMap((one) => (one.response.body as { readonly Items: readonly unknown[] }).Items)
    return [{ ...exchange, request: { ...request, query }, response: { ...response, body: { ...(response.body as object), Items } } }]
  })
}
