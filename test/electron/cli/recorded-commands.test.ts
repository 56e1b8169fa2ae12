import { parse as parseYaml } from 'yaml'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { readRecordedCli } from '../../fixtures/recorded-cli'
import type { RecordedCommand } from '../../fixtures/recorded-cli'
import { playRecorded } from '../../fixtures/recorded-server'
import type { Exchange, PlayedServer } from '../../fixtures/recorded-server'
import { makeShoalHome } from '../../fixtures/shoal-command'
import type { Finished, ShoalHome } from '../../fixtures/shoal-command'
import agentAlive from '../../fixtures/recorded/agent-alive.json'
import agentConfig from '../../fixtures/recorded/agent-config.json'
import agentNode from '../../fixtures/recorded/agent-node.json'
import agentVersion from '../../fixtures/recorded/agent-version.json'
import jobList from '../../fixtures/recorded/job-list.json'
import nodeActions from '../../fixtures/recorded/node-approve-reject-delete.json'
import nodeDescribe from '../../fixtures/recorded/node-describe.json'
import nodeDisconnect from '../../fixtures/recorded/node-disconnect.json'
import nodeList from '../../fixtures/recorded/node-list.json'

let home: ShoalHome
let server: PlayedServer | undefined
beforeAll(() => {
  home = makeShoalHome()
})
afterEach(() => server?.stop())
afterAll(() => home.remove())

const recordings: readonly (readonly [string, readonly Exchange[]])[] = [
  ['agent-alive', agentAlive],
  ['agent-config', agentConfig],
  ['agent-node', agentNode],
  ['agent-version', agentVersion],
  ['node-describe', nodeDescribe],
  ['node-approve-reject-delete', nodeActions],
  ['node-disconnect', nodeDisconnect],
  ['node-list', nodeList],
  ['job-list', jobList],
]

/** Faults that the command line itself finds: told in words of our own. */
const ownWords = /accepts \d arg|could not parse labels|cannot use|invalid format|unknown flag/

const yamlByDefault = /^(agent (alive|node|config)|node describe)/

/** Cells of tables are padded and coloured differently: what counts is the words of each line. */
const wordsOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim().replace(/\s+/g, ' '))
    .filter((line) => line !== '')

describe.each(recordings)('%s', (name, exchanges) => {
  it('prints what the real command line prints of the same answers', async () => {
    server = await playRecorded(exchanges)
    const commands = readRecordedCli(`test/fixtures/recorded/cli/${name}.txt`)
    expect(commands).not.toEqual([])
    for (const command of commands) {
      const mine = await home.run(command.args, { env: { BACALHAU_API_HOST: '127.0.0.1', BACALHAU_API_PORT: String(server.port), TZ: 'UTC' } })
      compare(command, mine)
    }
  }, 120_000)
})

/** Where a list goes on is told on standard error, where it spoils nothing. */
const withoutMore = (text: string): string => text.replace(/\nTo fetch more records use:\n.*\n/, '')

function compare({ args, stdout: printed, stderr, exitCode }: RecordedCommand, mine: Finished): void {
  const stdout = withoutMore(printed)
  if (stdout !== printed) expect(mine.err).toMatch(/--next-token \S+\n$/)
  const what = `${args.join(' ')}: ${mine.err}`
  expect(mine.code, what).toBe(exitCode)
  if (args.includes('json')) {
    expect(parse(mine.out), what).toEqual(parse(stdout))
    expect(mine.out.split('\n').length > 2, what).toBe(stdout.split('\n').length > 2)
  } else if (args.includes('csv')) expect(mine.out, what).toBe(stdout)
  else if (args.includes('yaml') || yamlByDefault.test(args.join(' ')))
    expect(JSON.stringify(parseYaml(mine.out)), what).toBe(JSON.stringify(parseYaml(stdout)))
  else expect(wordsOf(mine.out), what).toEqual(wordsOf(stdout))
  const [error = ''] = wordsOf(stderr)
  if (error !== '' && !ownWords.test(error)) expect(wordsOf(mine.err), what).toEqual(wordsOf(stderr))
  if (exitCode !== 0) expect(mine.err, what).toMatch(/^Error: ./)
}

function parse(text: string): unknown {
  return text === '' ? undefined : JSON.parse(text)
}
