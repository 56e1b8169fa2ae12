import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Execution } from '../../../../shared/models/execution'
import { eventually } from '../../../fixtures/eventually'
import { loadExchanges } from '../../../fixtures/http/exchanges'
import { startRealCluster } from '../../../fixtures/replay/real-cluster'
import type { RealCluster } from '../../../fixtures/replay/real-cluster'
import type { Finished, Started } from '../../../fixtures/shoal-command'

describe('commands about jobs, on an orchestrator and two nodes that are processes', () => {
  let cluster: RealCluster
  beforeAll(async () => {
    cluster = await startRealCluster()
  }, 60_000)
  afterAll(() => cluster.stop())

  const env = (): Record<string, string> => ({ BACALHAU_API_HOST: '127.0.0.1', BACALHAU_API_PORT: String(cluster.port) })
  const run = (...args: string[]): Promise<Finished> => cluster.home.run(args, { env: env() })
  const start = (...args: string[]): Started => cluster.home.start(args, { env: env() })
  const inHome = (name: string): string => join(cluster.home.home, name)

  /** A job file with a program of the node. */
  function jobFile(name: string, script: string, more: object = {}, task: object = {}): string {
    const Engine = { Type: 'native', Params: { Command: ['/bin/sh', '-c', script] } }
    const file = inHome(`${name}.json`)
    writeFileSync(file, JSON.stringify({ Name: name, Type: 'batch', Count: 1, Tasks: [{ Name: 'main', Engine, ...task }], ...more }))
    return file
  }
  async function submit(file: string): Promise<string> {
    const { code, out, err } = await run('job', 'run', '--wait=false', file)
    expect([code, err]).toEqual([0, ''])
    return out.trim()
  }
  const stateOf = async (id: string): Promise<string> =>
    (JSON.parse((await run('job', 'describe', id, '--output', 'json')).out) as { readonly Job: { readonly State: { readonly StateType: string } } })
      .Job.State.StateType

  /** A program that has written one line and goes on once `gate` is there. */
  const gated = (gate: string): string => `echo first; while [ ! -e ${gate} ]; do sleep 0.02; done; echo last; echo aside >&2`

  it('logs --follow shows what is written as it is written, and ends with the execution', async () => {
    const gate = inHome('gate-1')
    const id = await submit(jobFile('followed', gated(gate)))
    const followed = start('job', 'logs', id, '--follow')
    await eventually('the first line is shown', () => followed.out() === 'first\n')
    const late = start('job', 'logs', id, '--follow', '--tail')
    expect(await stateOf(id)).toBe('Running')
    writeFileSync(gate, '')
    const { code, out, err } = await followed.ended
    expect([code, err, out.split('\n').sort()]).toEqual([0, '', ['', 'aside', 'first', 'last']])
    expect((await late.ended).code).toBe(0)
    expect((await late.ended).out).not.toContain('first')
  })

  it('logs of a job that has ended are all there, for both engines, and for one execution', async () => {
    const id = await submit(jobFile('ended', 'echo one; echo two'))
    await eventually('it has ended', async () => (await stateOf(id)) === 'Completed')
    expect(await run('job', 'logs', id)).toEqual({ code: 0, out: 'one\ntwo\n', err: '' })
    expect(await run('job', 'logs', 'ended', '--follow')).toEqual({ code: 0, out: 'one\ntwo\n', err: '' })
    const executions = JSON.parse((await run('job', 'executions', id, '--output', 'json')).out) as readonly { readonly ID: string }[]
    expect(await run('job', 'logs', id, '--execution-id', executions[0]?.ID ?? '')).toEqual({ code: 0, out: 'one\ntwo\n', err: '' })

    const module = loadExchanges('job-run').find(({ step }) => step.includes('--wait=false wasm.yaml'))?.request.body as {
      readonly Job: { readonly Tasks: unknown }
    }
    const file = inHome('wasm.json')
    writeFileSync(file, JSON.stringify({ Name: 'wasm', Type: 'batch', Count: 1, Tasks: module.Job.Tasks }))
    const ran = await run('job', 'run', '--follow', file)
    expect([ran.code, ran.out.includes('hello stdout\n'), ran.out.includes('hello stderr\n')]).toEqual([0, true, true])
    const { out } = await run('job', 'logs', 'wasm')
    expect(out.split('\n').sort()).toEqual(['', 'hello stderr', 'hello stdout'])
  })

  it('a service that ends by itself has failed, and what it printed is kept', async () => {
    const id = await submit(jobFile('ending', 'echo bye; echo why >&2; exit 3', { Type: 'service' }))
    await eventually('it is given up', async () => (await stateOf(id)) === 'Failed')
    const executions = JSON.parse((await run('job', 'executions', id, '--output', 'json')).out) as readonly Execution[]
    expect(executions.length).toBeGreaterThan(0)
    for (const { RunOutput, ComputeState } of executions) {
      expect(RunOutput).toMatchObject({ Stdout: 'bye\n', stderr: 'why\n', ExitCode: 3 })
      expect(ComputeState.Message).toBe('execution completed unexpectedly')
    }
    expect((await run('job', 'describe', id)).out).toMatch(/Error: The program ended by itself with exit code 3; a service is to run on/)
  })

  it('logs say why there are none', async () => {
    expect(await run('job', 'logs', 'nobody')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^Error: .*job not found: nobody\nHint: /) as string,
    })
    const waiting = await submit(
      jobFile('waiting', 'true', { Constraints: [{ Key: 'zone', Operator: '=', Values: ['nowhere'] }] }, { Timeouts: { QueueTimeout: 600 } }),
    )
    expect(await run('job', 'logs', waiting)).toMatchObject({
      code: 1,
      err: expect.stringContaining('no executions found for job waiting') as string,
    })
  })

  it('delete refuses a job that goes on, and takes an ended one with all that belongs to it', async () => {
    const id = await submit(jobFile('service', 'sleep 600', { Type: 'service' }))
    await eventually('it runs', async () => (await stateOf(id)) === 'Running')
    expect(await run('job', 'delete', id)).toEqual({
      code: 1,
      out: '',
      err: `Error: job ${id} is Running and can be deleted only when it has ended\nHint: Stop the job first.\n`,
    })
    expect((await run('job', 'stop', id, '--quiet')).code).toBe(0)
    expect(await run('job', 'delete', 'service')).toEqual({ code: 0, out: `Job ${id} and its history are deleted.\n`, err: '' })
    for (const what of ['describe', 'history', 'executions', 'versions', 'logs', 'delete']) {
      const { code, err } = await run('job', what, id)
      expect([what, code, err.includes(`job not found: ${id}`)]).toEqual([what, 1, true])
    }
    const listed = JSON.parse((await run('job', 'list', '--limit', '0', '--output', 'json')).out) as readonly { readonly ID: string }[]
    expect(listed.map(({ ID }) => ID)).not.toContain(id)
  })

  it('preview tells which nodes suit, what rules the others out, and submits nothing', async () => {
    const [a, b] = cluster.nodes.map(({ nodeId }) => nodeId)
    const preview = async (file: string): Promise<readonly object[]> => {
      const { code, out } = await run('job', 'preview', file, '--output', 'json')
      expect(code).toBe(0)
      return (JSON.parse(out) as readonly { readonly node: string }[]).toSorted((one) => (one.node === a ? -1 : 1))
    }
    expect(await preview(jobFile('previewed', 'true'))).toEqual([
      { node: a, suitable: true, reason: '' },
      { node: b, suitable: false, reason: 'does not support native, only wasm', requirement: 'engine' },
    ])
    expect(await preview(jobFile('previewed', 'true', {}, { Resources: { CPU: '4000' } }))).toMatchObject([
      { node: a, suitable: false },
      { node: b, suitable: false },
    ])
    const table = await run('job', 'preview', jobFile('previewed', 'true'), '--no-style')
    expect(table.out).toMatch(/NODE +SUITABLE +REQUIREMENT +REASON/)
    expect(await run('job', 'describe', 'previewed')).toMatchObject({ code: 1 })
    expect(await run('job', 'preview', jobFile('bad', 'true', { Type: 'parallel' }))).toMatchObject({
      code: 1,
      err: expect.stringContaining('invalid job type') as string,
    })
  })

  it('get fetches what the node has published, byte for byte', async () => {
    const ResultPaths = [{ Name: 'outputs', Path: '/outputs' }]
    const id = await submit(jobFile('published', 'printf "4\\0002" > outputs/answer; echo told', {}, { ResultPaths, Publisher: { Type: 'local' } }))
    await eventually('it has ended', async () => (await stateOf(id)) === 'Completed')
    const { code, err } = await run('job', 'get', id)
    expect(code, err).toBe(0)
    expect(readFileSync(inHome(`job-${id}/outputs/answer`)).toString('latin1')).toBe('4\x002')
    expect(readFileSync(inHome(`job-${id}/stdout`), 'utf8')).toBe('told\n')
    expect(existsSync(inHome(`job-${id}/exitCode`))).toBe(true)
  })

  it('every node serves its description, the orchestrator all of it', async () => {
    const ask = async (url: string, path: string) =>
      (await (await fetch(`${url}/api/v1/shoal/${path}`)).json()) as { readonly openapi?: string; readonly paths?: object; readonly title?: string }
    const whole = await ask(cluster.url, 'openapi.json')
    const printed = JSON.parse((await run('api', 'spec')).out) as object
    expect(whole).toEqual(printed)
    const small = await ask(cluster.nodes[0]?.apiUrl ?? '', 'openapi.json')
    expect(small.openapi).toBe('3.1.0')
    expect(Object.keys(small.paths ?? {})).not.toContain('/api/v1/orchestrator/jobs')
    expect(await ask(cluster.url, 'job-schema.json')).toEqual(JSON.parse((await run('job', 'schema')).out))
  })
})
