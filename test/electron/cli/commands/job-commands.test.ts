import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { ServerResponse } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { playServer } from '../../../fixtures/recorded-server'
import type { PlayedServer, SeenRequest } from '../../../fixtures/recorded-server'
import { makeShoalHome } from '../../../fixtures/shoal-command'
import type { ShoalHome } from '../../../fixtures/shoal-command'

let home: ShoalHome
let server: PlayedServer
beforeAll(() => {
  home = makeShoalHome()
})
afterEach(() => server.stop())
afterAll(() => home.remove())

const env = (): Record<string, string> => ({ BACALHAU_API_HOST: '127.0.0.1', BACALHAU_API_PORT: String(server.port) })
const asJson = (response: ServerResponse, body: unknown, status = 200): void =>
  void response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
const jobs = '/api/v1/orchestrator/jobs'
const ID = 'j-5ab8bf25-de23-4ae8-9447-65cd67dc72be'
const job = (StateType: string, more: object = {}) => ({
  Job: {
    ID,
    Name: 'n',
    Type: 'batch',
    Version: 2,
    State: { StateType, Message: 'out of luck' },
    Tasks: [{ Name: 'main', Engine: { Type: 'wasm' } }],
    ...more,
  },
})
const history = (Message: string, Type = 'JobLevel') => ({
  SeqNum: 1,
  Type,
  JobID: ID,
  JobVersion: 2,
  Event: { Message, Topic: 'T', Timestamp: '' },
  Time: '2026-01-02T03:04:05Z',
})

/** An orchestrator with one job. `answers` by method and path; what it does not know is not found, as a path. */
async function play(answers: Readonly<Record<string, (request: SeenRequest) => unknown>>): Promise<void> {
  server = await playServer((request, response) => {
    const answer = answers[`${request.method} ${request.path}`]
    if (answer === undefined) asJson(response, { Message: 'The requested resource/URL was not found.', Code: 'InternalError' }, 404)
    else asJson(response, answer(request))
  })
}
const said = (): string[] =>
  server.seen.map(({ method, path, query, body }) => [method, path, [...query].join('&'), body].filter((part) => part !== '').join(' '))

describe('job stop', () => {
  it('stops a job that goes on, with the reason that Bacalhau gives', async () => {
    await play({ [`GET ${jobs}/n`]: () => job('Running'), [`DELETE ${jobs}/n`]: () => ({ EvaluationID: 'ev' }) })
    expect(await home.run(['job', 'stop', 'n', '--namespace', 'dev'], { env: env() })).toEqual({
      code: 0,
      out: 'Job stop successfully submitted with evaluation ID: ev\n',
      err: '',
    })
    expect(said()).toEqual([`GET ${jobs}/n namespace,dev`, `DELETE ${jobs}/n namespace,dev {"reason":"Stopped at user request"}`])
    expect(await home.run(['job', 'stop', 'n', '--quiet'], { env: env() })).toEqual({ code: 0, out: '', err: '' })
  })

  it('leaves an ended one alone', async () => {
    await play({ [`GET ${jobs}/n`]: () => job('Completed') })
    const { code, err } = await home.run(['job', 'stop', 'n'], { env: env() })
    expect([code, err]).toEqual([1, expect.stringMatching(/^Error: Job is already in a terminal state. The current state is: Completed\nHint: /)])
    expect(server.seen).toHaveLength(1)
  })
})

describe('job rerun', () => {
  it('follows the new version, and fails as it does', async () => {
    await play({
      [`GET ${jobs}/n`]: () => job('Completed'),
      [`PUT ${jobs}/n/rerun`]: () => ({ JobID: ID, JobVersion: 3, EvaluationID: 'ev', Warnings: null }),
      [`GET ${jobs}/${ID}/history`]: ({ query }) =>
        query.get('next_token') === 'more'
          ? { NextToken: '', Items: [history('x', 'ExecutionLevel')] }
          : { NextToken: 'more', Items: [history('Job rerun requested')] },
      [`GET ${jobs}/${ID}`]: () => job('Failed'),
    })
    const { code, out, err } = await home.run(['job', 'rerun', 'n', '-v', '1'], { env: env() })
    expect([code, err]).toEqual([1, `Error: job failed: out of luck\nHint: Run \`shoal job describe ${ID}\` to see why.\n`])
    expect(out).toMatch(/Job rerun requested/)
    expect(said()).toEqual([
      `GET ${jobs}/n`,
      `PUT ${jobs}/n/rerun {"JobVersion":1,"Reason":"","Namespace":""}`,
      `GET ${jobs}/${ID}/history event_type,all&limit,10&job_version,3`,
      `GET ${jobs}/${ID}/history event_type,all&limit,10&next_token,more&job_version,3`,
      `GET ${jobs}/${ID}`,
    ])
  })

  it('never asks to run an unknown job again', async () => {
    server = await playServer((_, response) => asJson(response, { Message: 'job not found: n', Code: 'NotFound' }, 404))
    const { code, err } = await home.run(['job', 'rerun', 'n'], { env: env() })
    expect([code, err.split('\n')[0]]).toEqual([1, 'Error: job not found: n'])
    expect(said()).toEqual([`GET ${jobs}/n`])
  })
})

describe('job run', () => {
  const spec = JSON.stringify({ Type: 'batch', Tasks: [{ Name: 'main', Engine: { Type: 'wasm', Params: { Who: '{{.who}}' } } }] })
  const running = {
    [`PUT ${jobs}`]: () => ({ JobID: ID, EvaluationID: 'ev', Warnings: ['mind the gap'] }),
    [`GET ${jobs}/${ID}/history`]: ({ query }: SeenRequest) => ({ NextToken: 't', Items: query.has('next_token') ? [] : [history('Job submitted')] }),
    [`GET ${jobs}/${ID}`]: () => job('Running'),
  }

  it('reads standard input, fills in variables, and tells warnings apart from the id', async () => {
    await play(running)
    const done = await home.run(['job', 'run', '--wait=false', '-E', '^WHO$', '-V', 'who=you', '-'], { env: env(), input: spec })
    expect(done).toEqual({ code: 0, out: `${ID}\n`, err: 'Warning: mind the gap\n' })
    expect(server.seen[0]?.body).toContain('"Params":{"Who":"you"}')
  })

  it('gives up waiting in time, and by Ctrl-C at once; the job goes on', async () => {
    await play(running)
    const late = await home.run(['job', 'run', '--id-only', '--no-template', '--wait-timeout-secs', '1'], { env: env(), input: spec })
    expect([late.code, late.out]).toEqual([1, `${ID}\n`])
    expect(late.err).toMatch(/Error: Job j-.* has not ended within 1 s; it goes on\.\nHint: /)
    const command = home.start(['job', 'run', '--no-template'], { env: env(), input: spec })
    await expect.poll(command.out, { timeout: 10_000 }).toMatch(/Job submitted/)
    command.child.kill('SIGINT')
    const { code, err } = await command.ended
    expect([code, err]).toEqual([0, expect.stringMatching(/Warning: nobody waits any more; the job goes on\.\n$/)])
    expect(server.seen.filter(({ method }) => method === 'DELETE')).toEqual([])
  })
})

describe('job history', () => {
  it('follows to the end, as lines of JSON', async () => {
    await play({
      [`GET ${jobs}/n/history`]: ({ query }) =>
        query.has('next_token') ? { NextToken: '', Items: [history('second')] } : { NextToken: 't', Items: [history('first')] },
    })
    const { code, out } = await home.run(['job', 'history', 'n', '--follow', '--output', 'json'], { env: env() })
    expect(code).toBe(0)
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([history('first'), history('second')])
  })

  it('turns pages where no limit is told', async () => {
    const page = Array.from({ length: 100 }, () => history('x'))
    await play({
      [`GET ${jobs}/n/history`]: ({ query }) =>
        query.has('next_token') ? { NextToken: 't', Items: [history('last')] } : { NextToken: 't', Items: page },
    })
    const { out } = await home.run(['job', 'history', 'n', '--output', 'json'], { env: env() })
    expect(JSON.parse(out)).toHaveLength(101)
  })
})

describe('what Bacalhau does not have', () => {
  it('deletes a job, and previews where one could run', async () => {
    const nodes = [
      { node: 'n-1', suitable: false, reason: 'does not support docker, only wasm', requirement: 'engine' },
      { node: 'n-2', suitable: true, reason: '' },
    ]
    await play({ 'DELETE /api/v1/shoal/jobs/n': () => ({ JobID: ID }), 'POST /api/v1/shoal/jobs/preview': () => ({ Nodes: nodes, Warnings: null }) })
    expect(await home.run(['job', 'delete', 'n'], { env: env() })).toEqual({ code: 0, out: `Job ${ID} and its history are deleted.\n`, err: '' })
    const file = resolve('test/fixtures/recorded/jobs/hello.yaml')
    const table = await home.run(['job', 'preview', file], { env: env() })
    expect(table.out.split('\n').map((line) => line.trim().split(/ {2,}/))).toEqual([
      ['NODE', 'SUITABLE', 'REQUIREMENT', 'REASON'],
      ['n-1', 'no', 'engine', 'does not support docker, only wasm'],
      ['n-2', 'yes'],
      [''],
    ])
    expect(JSON.parse((await home.run(['job', 'preview', file, '--output', 'json'], { env: env() })).out)).toEqual(nodes)
  })

  it('says so where an orchestrator does not know them', async () => {
    await play({})
    const { code, err } = await home.run(['job', 'delete', 'n'], { env: env() })
    expect([code, err]).toEqual([1, expect.stringMatching(/^Error: http:.* does not know this command\.\nHint: .*one of Shoal/)])
  })
})

describe('without a server', () => {
  it('validates, and prints what docker run and wasm run would send', async () => {
    await play({})
    const good = resolve('test/fixtures/recorded/jobs/hello.yaml')
    expect(await home.run(['job', 'validate', good])).toEqual({ code: 0, out: 'OK\n', err: '' })
    const bad = join(home.home, 'bad.yaml')
    await writeFile(bad, 'Type: batch\nCountt: 3\n')
    expect((await home.run(['job', 'validate', bad])).err).toMatch(
      /^Error: the job provided is invalid: unknown field: 'Countt' in 'Job'. Did you mean Count\?\nHint: /,
    )
    expect((await home.run(['job', 'validate', 'nowhere.yaml'])).err).toMatch(/^Error: nowhere\.yaml cannot be read: there is no such file/)
    const docker = await home.run(['docker', 'run', '--dry-run', '-e', 'A=b', 'alpine', '--', 'sh', '-c', 'echo $A'])
    expect([docker.code, docker.out]).toEqual([
      0,
      expect.stringMatching(/Image: alpine\n +Parameters:\n +- sh\n +- -c\n +- echo \$A\n[^]*Env:\n +A: b/),
    ])
    const wasm = await home.run(['wasm', 'run', '--dry-run', resolve('test/fixtures/wasm/tiny.wasm'), 'one'])
    expect([wasm.code, wasm.out]).toEqual([0, expect.stringMatching(/EntryModule: main\.wasm\n +Entrypoint: _start/)])
    expect((await home.run(['wasm', 'run', 'missing.wasm'], { env: env() })).err).toMatch(/^Error: missing\.wasm is no file of this machine/)
    expect(server.seen).toEqual([])
  })
})
