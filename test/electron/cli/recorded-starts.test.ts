import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readRecordedCli, theirs, told, wordsOf } from '../../fixtures/recorded-cli'
import type { RecordedCommand } from '../../fixtures/recorded-cli'
import { playRecorded } from '../../fixtures/recorded-server'
import type { Exchange, PlayedServer } from '../../fixtures/recorded-server'
import { makeShoalHome } from '../../fixtures/shoal-command'
import type { Finished, ShoalHome } from '../../fixtures/shoal-command'
import dockerRun from '../../fixtures/recorded/docker-run.json'
import jobRerun from '../../fixtures/recorded/job-rerun.json'
import jobStop from '../../fixtures/recorded/job-stop.json'
import wasmRun from '../../fixtures/recorded/wasm-run.json'

let home: ShoalHome
let server: PlayedServer | undefined
beforeAll(() => {
  home = makeShoalHome()
})
afterAll(() => home.remove())

const env = (): Record<string, string> => ({ BACALHAU_API_HOST: '127.0.0.1', BACALHAU_API_PORT: String(server?.port), TZ: 'UTC' })
/** What is followed goes over a WebSocket: other tests try it on a real cluster. */
const recorded = (name: string): readonly RecordedCommand[] =>
  readRecordedCli(`test/fixtures/recorded/cli/${name}.txt`).filter(({ args }) => !args.includes('--follow') && !args.includes('-f'))

/** The modules that were run, out of what was sent. */
function writeModules(): void {
  for (const { step, request } of wasmRun) {
    const [, name = ''] = /^bacalhau wasm run (?:.* )?(\w+\.wasm)\b/.exec(step) ?? []
    const [, text] = /base64,([^"]+)"/.exec(JSON.stringify(request.body)) ?? []
    if (request.method === 'PUT' && text !== undefined && name !== '') writeFileSync(join(home.home, name), Buffer.from(text, 'base64'))
  }
  copyFileSync('test/fixtures/recorded/jobs/hello.yaml', join(home.home, 'hello.yaml'))
}

/** What is told in our own words, or before anything is sent. */
const ownWords: readonly (readonly [RegExp, RegExp])[] = [
  [/requires at least 1 arg|accepts 1 arg/, /needs the argument/],
  [/unknown type 'nonsense'/, /--network .*nonsense/],
  [/expecting "any" or "all"/, /'some' as target value, should be one of: \["any" "all"\]/],
  [/unknown storage schema: foo/, /foo/],
  [/unknown publisher type: ftp/, /ftp/],
  [/invalid output volume: nopath/, /nopath/],
  [/received invalid job labels/, /received invalid job labels: "bad key"/],
  [/'WorkingDirectory' \("rel"\) must contain absolute path/, /--workdir must be an absolute path, not "rel"/],
]
const refusedHere: readonly (readonly [string, RegExp])[] = [
  ['wasm run missing.wasm', /missing\.wasm is no file of this machine, and no input brings it/],
  ['wasm run hello.yaml', /hello\.yaml is no WebAssembly module/],
]

function expectSameFault(mine: Finished, stderr: string, what: string): void {
  const [first = ''] = wordsOf(stderr)
  const own = ownWords.find(([theirWords]) => theirWords.test(first))
  if (own === undefined) expect(mine.err, what).toContain(first.replace(/^Error: /, ''))
  else expect(mine.err, what).toMatch(own[1])
}

/**
 * What is shown in the end, wherever lines are broken. Steps of a stop are not told here, a summary counts what was cancelled, and what nodes printed may
 * have ended up elsewhere.
 */
function shown(text: string, args: readonly string[]): string {
  const last = args.includes('--group-events') ? text.slice(text.lastIndexOf('TIME ')).replace('Job Results By Node:', '') : text
  return wordsOf(last)
    .filter((line) => !/^Checking job status$|^(Connecting to|Verifying job|Stopping job) |^Cancelled = /.test(line))
    .join(' ')
}

/** Plays the exchanges of one command, runs it, and compares what a person or script gets of it. */
async function compare({ line, args, stdout, stderr, exitCode }: RecordedCommand, exchanges: readonly Exchange[]): Promise<void> {
  const here = exchanges.filter(({ step }) => step === line)
  server = await playRecorded(here)
  try {
    const mine = await home.run(args, { env: env() })
    const what = `${line}: ${mine.out}${mine.err}`
    const refused = refusedHere.find(([start]) => args.join(' ') === start)
    const failed = stderr.includes('job failed')
    expect(mine.code, what).toBe(failed ? 1 : exitCode)
    if (refused !== undefined) expect([server.seen, mine.out, mine.err]).toEqual([[], '', expect.stringMatching(refused[1])])
    else if (exitCode !== 0) expectSameFault(mine, stderr, what)
    else if (args.includes('json')) expect(JSON.parse(mine.out), what).toEqual(JSON.parse(stdout))
    else if (args.includes('--dry-run')) expect(parse(mine.out), what).toEqual(parse(stdout))
    else expect(shown(told(mine, args), args), what).toBe(shown(theirs(stdout, args), args))
    if (failed || exitCode !== 0) expect(mine.err, what).toMatch(/^Error: /m)
    if (refused !== undefined) return
    const sent = server.seen.filter(({ method }) => method === 'PUT').map(({ body }) => JSON.parse(body) as unknown)
    expect(sent, what).toEqual(here.filter(({ request }) => request.method === 'PUT').map(({ request }) => request.body))
  } finally {
    await server.stop()
  }
}

describe('what is started from the command line is sent and shown as the real one does it', () => {
  beforeAll(writeModules)
  it.each(recorded('docker-run'))('$line', (command) => compare(command, dockerRun), 20_000)
  it.each(recorded('wasm-run'))('$line', (command) => compare(command, wasmRun), 20_000)
})

/** As `compare`, for commands that are recorded several times, and look for the job before they act on it. */
async function compareActs(command: RecordedCommand, exchanges: readonly Exchange[], turn: number): Promise<void> {
  const { line, args } = command
  const isSecondStop = line === 'bacalhau job stop svc' && turn > 0
  const sought = args[1] === 'rerun' ? [lookFor(args.at(-1)?.startsWith('j-') === true ? (args.at(-1) ?? '') : (args[2] ?? ''))] : []
  const given = exchanges.filter(({ step, response }) => step === line && (!isSecondStop || JSON.stringify(response.body).includes('"Stopped"')))
  await compare(command, [...given, ...sought.map((one) => ({ ...one, step: line }))])
}

function lookFor(id: string): Exchange {
  const request = { method: 'GET', path: `/api/v1/orchestrator/jobs/${id}`, query: {}, body: null }
  return {
    step: '',
    request,
    response: { status: 200, headers: {}, body: { Job: { ID: id, Name: id, Type: 'batch', State: { StateType: 'Completed' } } } },
  }
}

describe('what acts on a job', () => {
  it.each(recorded('job-stop').map((command, turn) => ({ ...command, turn })))(
    '$turn: $line',
    ({ turn, ...command }) => compareActs(command, jobStop, turn),
    20_000,
  )
  it.each(recorded('job-rerun').map((command, turn) => ({ ...command, turn })))(
    '$turn: $line',
    ({ turn, ...command }) => compareActs(command, jobRerun, turn),
    20_000,
  )
})
