import { resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { readRecordedCli, theirs, told, wordsOf } from '../../fixtures/recorded-cli'
import { playRecorded } from '../../fixtures/recorded-server'
import type { Exchange, PlayedServer } from '../../fixtures/recorded-server'
import { makeShoalHome } from '../../fixtures/shoal-command'
import type { ShoalHome } from '../../fixtures/shoal-command'
import jobDescribe from '../../fixtures/recorded/job-describe.json'
import jobExecutions from '../../fixtures/recorded/job-executions.json'
import jobHistory from '../../fixtures/recorded/job-history.json'
import jobRun from '../../fixtures/recorded/job-run.json'
import jobRunDryRun from '../../fixtures/recorded/job-run-dry-run.json'
import jobVersions from '../../fixtures/recorded/job-versions.json'

let home: ShoalHome
let server: PlayedServer | undefined
beforeAll(() => {
  home = makeShoalHome()
})
afterEach(() => server?.stop())
afterAll(() => home.remove())

const env = (): Record<string, string> => ({ BACALHAU_API_HOST: '127.0.0.1', BACALHAU_API_PORT: String(server?.port), TZ: 'UTC' })
const jobFiles = resolve('test/fixtures/recorded/jobs')
const recorded = (name: string) => readRecordedCli(`test/fixtures/recorded/cli/${name}.txt`)

const looks: readonly (readonly [string, readonly Exchange[]])[] = [
  ['job-describe', jobDescribe],
  ['job-executions', jobExecutions],
  ['job-history', jobHistory],
  ['job-versions', jobVersions],
]

describe.each(looks)('%s', (name, exchanges) => {
  it('prints what the real command line prints of the same answers', async () => {
    server = await playRecorded(exchanges)
    const commands = recorded(name)
    expect(commands.length).toBeGreaterThan(3)
    for (const { args, stdout, stderr, exitCode } of commands) {
      const mine = await home.run(args, { env: env() })
      const what = `${args.join(' ')}: ${mine.err}`
      expect(mine.code, what).toBe(exitCode)
      if (args.includes('json') && exitCode === 0) expect(JSON.parse(mine.out), what).toEqual(JSON.parse(stdout))
      else if (args.includes('csv') || args.includes('yaml')) expect(plainNumbers(mine.out), what).toBe(plainNumbers(stdout))
      // Where long events are broken is a matter of taste.
      else if (name === 'job-history') expect(wordsOf(mine.out).join(' '), what).toBe(wordsOf(stdout).join(' '))
      else expect(wordsOf(mine.out), what).toEqual(wordsOf(stdout))
      // The fault in the same words; the hint is our own.
      if (exitCode !== 0 && !/accepts \d arg/.test(stderr)) expect(mine.err, what).toContain(wordsOf(stderr)[0])
      // An order that there is not is passed over by the server, which the recorded version does not tell.
      if (args.includes('--order-by')) expect(mine.err).toBe(args.includes('bogus') ? passedOver : '')
    }
  }, 120_000)
})

const passedOver = 'Warning: executions are not ordered by "bogus"; there are created_at and modified_at.\n'

/** Nanoseconds are rounded to what a double holds. */
const plainNumbers = (text: string): string => text.replace(/(Time: \d{15})\d{4}/g, '$1')

describe('job run', () => {
  it('sends what the real command line sends, and shows the same events and next steps', async () => {
    server = await playRecorded(jobRun)
    for (const { args, stdout, stderr, exitCode } of recorded('job-run')) {
      const mine = await home.run(args, { env: env(), cwd: jobFiles })
      const what = `${args.join(' ')}: ${mine.err}`
      const failed = stderr.includes('job failed')
      // A job that fails is a failure of the command, which the recorded version forgot.
      expect(mine.code, what).toBe(failed ? 1 : exitCode)
      if (failed) expect(mine.err).toMatch(/^Error: job failed: not enough nodes[^]*\nHint: Run `shoal job describe j-/)
      if (exitCode !== 0) expect(mine.err, what).toContain(wordsOf(stderr)[0])
      expect(wordsOf(told(mine, args)), what).toEqual(wordsOf(theirs(stdout, args)))
    }
    const sent = server.seen.filter(({ method }) => method === 'PUT').map(({ body }) => JSON.parse(body) as unknown)
    expect(sent).toEqual(jobRun.filter(({ request }) => request.method === 'PUT').map(({ request }) => request.body))
  }, 120_000)

  it('shows the difference that the server tells, or the job where there is none to compare with', async () => {
    server = await playRecorded(jobRunDryRun)
    for (const { args, stdout, stderr, exitCode } of recorded('job-run-dry-run')) {
      const mine = await home.run(args, { env: env(), cwd: jobFiles })
      expect([mine.code, mine.out.trimEnd()], args.join(' ')).toEqual([exitCode, stdout.trimEnd()])
      if (stderr.includes('No diff')) expect(mine.err).toBe('Warning: No diff detected.\n')
      else if (stderr !== '') expect(mine.err).toMatch(/^Warning: there is nothing to compare with \(.*(name is missing|not found).*\)/)
    }
  }, 60_000)
})

describe('job validate', () => {
  it('takes and refuses the files that the real command line takes and refuses, with the same faults', async () => {
    const commands = recorded('job-validate').filter(({ args }) => args.length === 3)
    expect(commands.length).toBeGreaterThan(10)
    for (const { args, stdout, stderr, exitCode } of commands) {
      const mine = await home.run(args, { cwd: jobFiles })
      const what = `${args.join(' ')}: ${mine.err}`
      expect([what, mine.code]).toEqual([what, exitCode])
      if (exitCode === 0) expect(mine.out, what).toBe(stdout)
      // What the system or a library says of a file is in its own words; of several bad variables Bacalhau tells any.
      else if (!/broken|empty|missing|badenv/.test(what))
        for (const line of stderr.split('\n')) expect(mine.err, what).toContain(line.replace(/^Error: /, '').trim())
    }
  }, 60_000)
})
