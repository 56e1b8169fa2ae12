import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Execution } from '../../../../shared/models/execution'
import type { Job } from '../../../../shared/models/job'
import { eventually } from '../../../fixtures/eventually'
import { loadExchanges, send } from '../../../fixtures/http/exchanges'
import type { Exchange } from '../../../fixtures/http/exchanges'
import { startRealCluster } from '../../../fixtures/replay/real-cluster'
import type { RealCluster } from '../../../fixtures/replay/real-cluster'

interface Frame {
  readonly from: 'client' | 'server'
  readonly op: 'text' | 'close' | 'tcp-end'
  readonly data?: unknown
  readonly newline?: boolean
  readonly code?: number
  readonly reason?: string
}
type Recorded = Exchange & { readonly frames?: readonly Frame[] }
/** What a server has sent: each text, and how it closed. */
interface Stream {
  readonly texts: readonly string[]
  readonly close: readonly [number, string]
}

const recorded: readonly Recorded[] = loadExchanges('job-logs')
/** A stream that the reader breaks off, and those of a server that hangs, have no end to compare. */
const whole = recorded.filter(
  ({ step, frames }) => !step.includes('--follow --tail') && frames?.some(({ from, op }) => from === 'server' && op === 'close'),
)
/** The jobs of the recordings, by their recorded ids. */
const named = { 'j-f1b6f450': 'hello', 'j-09a437ab': 'queued', 'j-a272f25c': 'bad-image', 'j-fe5fbc81': 'times-out' } as const
const firstExecution = 'e-5729ccbd-011b-4bef-bcbf-4ccc9b488b24'

describe('recorded streams of logs, asked of a real orchestrator', () => {
  let cluster: RealCluster
  let ids: ReadonlyMap<string, string>
  let gate: string
  beforeAll(async () => {
    cluster = await startRealCluster()
    gate = join(cluster.home.home, 'gate')
    await submit('hello', 'echo hello from docker; echo to stderr >&2')
    await until('hello', 'Completed')
    const [first] = await executionsOf('hello')
    // The second version prints the same.
    await submit('hello', 'echo hello from docker; echo to stderr >&2; true')
    await submit('svc', 'for i in 0 1 2 3 4; do echo beat $i; done; exec sleep 600', { Type: 'service' })
    await submit('queued', 'true', { Constraints: [{ Key: 'zone', Operator: '=', Values: ['nowhere'] }] }, { Timeouts: { QueueTimeout: 600 } })
    await submit('bad-image', 'true', {}, { Engine: { Type: 'native', Params: { Command: ['/no/such/program'] } } })
    await submit('times-out', 'echo nothing of this counts; exec sleep 600', {}, { Timeouts: { ExecutionTimeout: 1 } })
    await submit('slow', `echo early; while [ ! -e ${gate} ]; do echo tick; sleep 0.05; done; echo err 3 >&2; echo out 3; echo err 4 >&2; echo out 4`)
    await Promise.all([
      until('hello', 'Completed'),
      until('bad-image', 'Failed'),
      until('times-out', 'Failed'),
      until('svc', 'Running'),
      until('slow', 'Running'),
    ])
    await eventually('the service has written', async () => (await streamOf('/svc/logs', {})).texts.join('').includes('beat 4'))
    const found = await Promise.all(Object.entries(named).map(async ([id, name]) => [id, (await jobOf(name)).ID] as const))
    ids = new Map([...found, [firstExecution, first?.ID ?? '']])
  }, 90_000)
  afterAll(() => cluster.stop())

  it.each(whole)('$step', async ({ request, frames = [] }) => {
    const path = request.path.replace('/api/v1/orchestrator/jobs', '')
    const mine = await streamOf(ours(path), request.query)
    const texts = frames.filter(({ from, op }) => from === 'server' && op === 'text')
    const closed = frames.find(({ from, op }) => from === 'server' && op === 'close')
    expect(mine.close).toEqual([closed?.code, closed?.reason])
    // The two outputs of a program are two streams: only within each is there an order.
    expect(byStream(mine.texts.map((text) => JSON.parse(text) as object))).toEqual(
      byStream(texts.map(({ data }) => JSON.parse(ours(JSON.stringify(data))) as object)),
    )
    expect(texts.every(({ newline }) => newline)).toBe(true)
    expect(mine.texts.every((text) => text.endsWith('}\n'))).toBe(true)
  })

  it('a tail that is followed has what is written from now on, and ends with the execution', async () => {
    const { texts, close } = await streamOf('/slow/logs', { follow: 'true', tail: 'true' }, () => writeFileSync(gate, ''))
    const written = texts.map((text) => (JSON.parse(text) as { readonly value: { readonly Line: string } }).value.Line).join('')
    const lines = written.split('\n').filter((line) => line !== 'tick' && line !== '')
    expect([lines.toSorted(), close]).toEqual([
      ['err 3', 'err 4', 'out 3', 'out 4'],
      [1000, ''],
    ])
  })

  it('compares most of what is recorded', () => expect(whole.length).toBeGreaterThan(11))

  /** Recorded ids become those of our jobs. */
  function ours(text: string): string {
    return text.replace(/[je]-[0-9a-f]{8}(-[0-9a-f-]{27})?/g, (id) => ids.get(id) ?? ids.get(id.slice(0, 10)) ?? id)
  }

  async function submit(Name: string, script: string, more: object = {}, task: object = {}): Promise<void> {
    const Engine = { Type: 'native', Params: { Command: ['/bin/sh', '-c', script] } }
    // Little enough that all of them fit beside each other on any machine.
    const job = { Name, Type: 'batch', Count: 1, Tasks: [{ Name: 'main', Engine, Resources: { CPU: '0.1', Memory: '32mb' }, ...task }], ...more }
    const reply = await send(
      new URL('/api/v1/orchestrator/jobs', cluster.url),
      'PUT',
      { 'Content-Type': 'application/json' },
      JSON.stringify({ Job: job }),
    )
    expect(reply.status, reply.text).toBe(200)
  }
  const get = async (path: string): Promise<unknown> => (await send(new URL(`/api/v1/orchestrator/jobs${path}`, cluster.url), 'GET')).body
  const jobOf = async (name: string): Promise<Job> => ((await get(`/${name}`)) as { readonly Job: Job }).Job
  const executionsOf = async (name: string): Promise<readonly Execution[]> =>
    ((await get(`/${name}/executions`)) as { readonly Items: readonly Execution[] }).Items
  const until = (name: string, state: string): Promise<true> =>
    eventually(`${name} is ${state}`, async () => (await jobOf(name)).State.StateType === state, 15_000)

  function streamOf(path: string, query: Exchange['request']['query'], onText?: (text: string) => void): Promise<Stream> {
    const url = new URL(`/api/v1/orchestrator/jobs${path}`, cluster.url.replace('http', 'ws'))
    for (const [key, value] of Object.entries(query)) for (const one of [value].flat()) url.searchParams.append(key, ours(one))
    return new Promise((resolve, reject) => {
      const texts: string[] = []
      const socket = new WebSocket(url)
      socket.on('message', (data: Buffer) => {
        texts.push(data.toString())
        onText?.(data.toString())
      })
      socket.on('close', (code, reason) => resolve({ texts, close: [code, reason.toString()] }))
      socket.on('error', reject)
    })
  }
})

/** What each stream carries: an error, or all of one output; how much of it one message has differs from server to server. */
function byStream(frames: readonly object[]): readonly string[] {
  const read = frames as readonly { readonly error?: string; readonly value: { readonly Type: number; readonly Line: string } }[]
  for (const { value, ...rest } of read)
    expect([Object.keys(value), Object.keys(rest)]).toEqual([['Type', 'Line'], value.Type === 0 ? ['error'] : []])
  return [0, 1, 2].map((type) =>
    read
      .filter(({ value }) => value.Type === type)
      .map(({ error, value }) => error ?? value.Line)
      .join(''),
  )
}
