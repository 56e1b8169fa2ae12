import { cpSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { eventually } from '../../fixtures/eventually'
import { jobsApi, wasmJob } from '../../fixtures/jobs-api'
import { serveNode, settings } from '../../fixtures/served-node'
import type { ServedNode } from '../../fixtures/served-node'
import { builtHome } from '../../fixtures/built-home'

const home = builtHome()

const dataDir = (): string => join(home.home, 'orch')
const state = (): string => join(dataDir(), 'state')
const mark = (): string => join(dataDir(), 'jobs', 'ledger-mark.json')
const orchestratorArguments = (): string[] => ['--orchestrator', '--data-dir', dataDir(), ...settings({ 'Orchestrator.Port': '0' })]
const orchestrator = (): Promise<ServedNode> => serveNode(home, orchestratorArguments())

/** The only stream's folder. */
function streamFolder(): string {
  const found = readdirSync(state(), { recursive: true, encoding: 'utf8' }).find((name) => /streams[/\\\\]SHOAL$/.test(name))
  if (found === undefined) throw new Error('there is no stream')
  return join(state(), found)
}

it('an orchestrator does not begin anew where state is missing: it says what, leaves all as it is, and starts when that is back', async () => {
  const first = await orchestrator()
  const api = jobsApi(first.apiUrl)
  const waits = (n: number) =>
    wasmJob(
      ['hello'],
      { Name: `job-${String(n)}`, Constraints: [{ Key: 'nowhere', Operator: '=', Values: ['x'] }] },
      { Timeouts: { QueueTimeout: 3600 } },
    )
  const ids: string[] = []
  for (let n = 0; n < 20; n += 1) ids.push(await api.submit(waits(n)))
  const marked = (): number => (JSON.parse(readFileSync(mark(), 'utf8')) as { readonly sequence: number }).sequence
  await eventually('the mark is written', () => {
    try {
      return marked() >= 20
    } catch {
      return false
    }
  })
  first.started.child.kill('SIGKILL')
  await first.started.ended
  const backup = join(home.home, 'backup')
  cpSync(state(), backup, { recursive: true })
  const before = readFileSync(mark(), 'utf8')

  const damages: readonly (() => void)[] = [
    () => rmSync(streamFolder(), { recursive: true }),
    () => rmSync(state(), { recursive: true }),
    () => {
      const messages = join(streamFolder(), 'msgs')
      const block = join(
        messages,
        readdirSync(messages)
          .filter((name) => name.endsWith('.blk'))
          .sort()
          .at(-1) ?? '',
      )
      truncateSync(block, Math.floor(statSync(block).size * 0.6))
    },
  ]
  for (const [n, damage] of damages.entries()) {
    damage()
    const { code, err } = await home.run(['serve', ...orchestratorArguments()])
    expect([n, code]).toEqual([n, 1])
    expect(err).toMatch(/State that had been stored is missing|The stored state cannot be read|The state log in .* is damaged/)
    expect(err).toMatch(/backup/)
    expect(readFileSync(mark(), 'utf8')).toBe(before)
    rmSync(state(), { recursive: true, force: true })
    cpSync(backup, state(), { recursive: true })
  }
  const again = jobsApi((await orchestrator()).apiUrl)
  for (const id of ids) expect((await again.job(id)).State.StateType).toBe('Queued')
})
